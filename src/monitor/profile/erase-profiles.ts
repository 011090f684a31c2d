import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import { recountBaselines } from "../baseline/recount-baselines.ts";
import type { ErasedRecord, RecordEraser } from "../collect/consumer.ts";
import { decodeStored } from "../collect/decode-entry.ts";
import { recordNames } from "../collect/file-columns.ts";
import { freshAfter } from "../collect/fresh-records.ts";
import { recordsOfFile } from "../collect/read-records.ts";
import { selectFiles } from "../collect/rows/files.ts";
import type { RecordFilter, StoredRecord } from "../collect/rows/records.ts";
import type { MonitorPorts } from "../ports.ts";
import { hashRow, hashText } from "./hash.ts";
import { makeProfiler, type Told } from "./profile-records.ts";
import type { RowSample } from "./row-sample.ts";
import { deleteWindows, selectWindows } from "./rows.ts";
import { windowMs, windowOf } from "./window.ts";

/**
 * Windows that counted an erased record are counted again from the records that are left: a profile holds values, such as the least number and
 * some of the distinct texts. So are baselines that sampled it from a past window. In the transaction that erases, so that a crash leaves either all or nothing.
 */
export const profileEraser = ({ files }: Pick<MonitorPorts, "files">): RecordEraser => ({
  erased: async (tx, records) => {
    for (const service of new Set(records.map((record) => record.service))) {
      const own = records.filter((record) => record.service === service);
      await recountWindows({ db: tx, files }, service, own);
      await recountBaselines(tx, service, (sample, rows) => withoutRecords(sample, own, rows));
    }
    return {};
  },
  finish: async () => {},
});

/** Records that are counted at a time. */
const together = 500;

async function recountWindows(
  ports: Pick<MonitorPorts, "db" | "files">,
  service: string,
  erased: readonly ErasedRecord[],
): Promise<void> {
  const { db } = ports;
  const windows = new Set<number>();
  // Of a window whose profile is gone already nothing is made again.
  for (const at of new Set(erased.map((record) => windowOf(record.at))))
    if ((await selectWindows(db, { service, from: at, to: at + 1 })).length > 0) windows.add(at);
  if (windows.size === 0) return;
  for (const at of windows) await deleteWindows(db, service, at);
  const times = [...windows];
  const filter = {
    service,
    sinceMs: times.reduce((least, at) => Math.min(least, at)),
    untilMs: times.reduce((most, at) => Math.max(most, at)) + windowMs,
  };
  const profiler = makeProfiler();
  let batch = profiler.gather();
  let count = 0;
  for await (const told of toldRecords(ports, filter)) {
    if (!windows.has(windowOf(told.at))) continue;
    batch.add(told);
    count += 1;
    if (count % together > 0) continue;
    await profiler.write(db, await batch.finish(db));
    batch = profiler.gather();
  }
  await profiler.write(db, await batch.finish(db));
}

/** Records of both tiers, as one transaction sees them: nothing moves meanwhile. */
async function* storedRecords(
  { db, files }: Pick<MonitorPorts, "db" | "files">,
  filter: RecordFilter,
): AsyncIterable<StoredRecord> {
  for (const file of await selectFiles(db, filter)) yield* recordsOfFile({ db, files }, file, filter, recordNames);
  for (let after = 0; ; ) {
    const page = await freshAfter(db, filter, after, together);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

async function* toldRecords(ports: Pick<MonitorPorts, "db" | "files">, filter: RecordFilter): AsyncIterable<Told> {
  const manifests = new Map<string, Manifest | undefined>();
  for await (const record of storedRecords(ports, filter)) {
    if (record.mirrored === 1 || record.out_of_sample === 1) continue;
    if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(ports.db, record.image));
    const { id, service, revision, models, at } = record;
    yield { id, service, revision, models, at, tables: decodeStored(record, manifests.get(record.image)) };
  }
}

/** A sample of `rows` rows without those of records; undefined when it has none. A record has no more rows than there were. */
function withoutRecords(sample: RowSample, records: readonly ErasedRecord[], rows: number): RowSample | undefined {
  const sampled = new Set(sample.rows.map(({ hash }) => hash));
  const gone = new Set<number>();
  for (const { id } of records) {
    const record = hashText(id);
    for (let row = 0; row < rows; row += 1) {
      const hash = hashRow(record, row);
      if (sampled.has(hash)) gone.add(hash);
    }
  }
  if (gone.size === 0) return undefined;
  return { ...sample, rows: sample.rows.filter(({ hash }) => !gone.has(hash)) };
}
