import { eraseFromBaselineSamples } from "../baseline/rows.ts";
import type { RecordEraser } from "../collect/consumer.ts";
import { hashRow, hashText } from "./hash.ts";
import { windowOf } from "./profile-records.ts";
import type { RowSample } from "./row-sample.ts";
import { eraseFromSamples } from "./rows.ts";

/** Rows of an erased record go from the samples of its window, and of baselines made of past windows. What was counted stays: it tells of no row. */
export const sampleEraser: RecordEraser = {
  erased: async (tx, records) => {
    for (const { id, service, at } of records) {
      const without = (sample: RowSample, rows: number) => withoutRecord(sample, id, rows);
      await eraseFromSamples(tx, { service, at: windowOf(at) }, without);
      await eraseFromBaselineSamples(tx, service, without);
    }
  },
  finish: async () => {},
};

/** A sample of `rows` rows without those of a record; undefined when it has none. A record has no more rows than its window. */
function withoutRecord(sample: RowSample, id: string, rows: number): RowSample | undefined {
  const sampled = new Set(sample.rows.map(({ hash }) => hash));
  const record = hashText(id);
  const gone = new Set<number>();
  for (let row = 0; row < rows; row += 1) {
    const hash = hashRow(record, row);
    if (sampled.has(hash)) gone.add(hash);
  }
  if (gone.size === 0) return undefined;
  return { ...sample, rows: sample.rows.filter(({ hash }) => !gone.has(hash)) };
}
