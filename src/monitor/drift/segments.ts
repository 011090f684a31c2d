import type { DriftReport } from "../../contract/drift.ts";
import type { Db } from "../../kernel/db.ts";
import type { Value } from "../../records/table.ts";
import type { OwnedBaseline } from "../baseline/find-baselines.ts";
import { findBaselineSample } from "../baseline/rows.ts";
import { mergeWindowSamples } from "../profile/merge-windows.ts";
import type { RowSample } from "../profile/row-sample.ts";
import type { TimeWindow } from "../profile/rows.ts";
import { profileSample, type TableProfile } from "../profile/table-profile.ts";
import { judge } from "./judge.ts";
import { compareTables, type Policy } from "./policy.ts";

/** Values that are told apart; the most frequent ones. */
const mostSegments = 12;

interface SegmentQuery {
  by: string;
  baseline: OwnedBaseline;
  windows: readonly TimeWindow[];
  policy: Policy;
  importance: Readonly<Record<string, number>>;
}

/** Each value's rows against the baseline's rows of the same value, as the samples have them. `by` is a column of the baseline. */
export async function segmentsOf(
  db: Db,
  { by, baseline, windows, policy, importance }: SegmentQuery,
): Promise<NonNullable<DriftReport["segments"]>> {
  const before = await findBaselineSample(db, baseline.owner, "inputs");
  if (before === undefined) return [];
  const samples: RowSample[] = [];
  // The last m windows make the state; more samples would fill the memory.
  for (const { stored } of windows.slice(-policy.windows))
    samples.push(
      await mergeWindowSamples(
        db,
        stored.filter(({ side }) => side === "inputs"),
        baseline.layout,
      ),
    );
  const values = frequent(samples, by);
  const all = values.reduce((sum, { count }) => sum + count, 0);
  return values.slice(0, mostSegments).map(({ value, count }) => {
    const of = (sample: RowSample) => {
      const place = sample.columns.indexOf(by);
      return profileSample(sample, baseline.layout, (values) => (values[place] ?? null) === value);
    };
    const reference = { layout: baseline.layout, profile: onlyColumnsOf(baseline, of(before)) };
    const found = samples.map((sample) => compareTables(reference, of(sample), policy));
    return {
      value: value === null ? "(missing)" : String(value),
      rows: count,
      share: count / all,
      inputs: judge("inputs", found, policy, importance),
    };
  });
}

/** The sample has columns, too, that are not compared. */
const onlyColumnsOf = ({ profile }: OwnedBaseline, sampled: TableProfile): TableProfile => ({
  ...sampled,
  columns: new Map([...sampled.columns].filter(([name]) => profile.columns.has(name))),
});

function frequent(samples: readonly RowSample[], column: string): { value: Value; count: number }[] {
  const counts = new Map<Value, number>();
  for (const { columns, rows } of samples) {
    const place = columns.indexOf(column);
    for (const { values } of rows) counts.set(values[place] ?? null, (counts.get(values[place] ?? null) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1));
}
