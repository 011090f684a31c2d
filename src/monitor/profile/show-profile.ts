import type { ProfileColumn } from "../../contract/drift.ts";
import type { Handler } from "../../contract/operations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { Ingest } from "../collect/ingest.ts";
import { quantile } from "../drift/bins.ts";
import { mustKnowRevision } from "../known-services.ts";
import { timeRange } from "../time-range.ts";
import type { ColumnProfile } from "./column-profile.ts";
import { distinctCount } from "./distinct-values.ts";
import { mergeWindowSamples } from "./merge-windows.ts";
import { deviationOf, mergeMoments } from "./moments.ts";
import { holdsAll, type RowSample } from "./row-sample.ts";
import { readProfile, type Side, type StoredWindow, selectWindows } from "./rows.ts";
import { windowMs } from "./window.ts";

export const showProfile =
  ({ db, clock, ingest }: { db: Db; clock: Clock; ingest: Ingest }): Handler<"showProfile"> =>
  async ({ service, since, until, revision }) => {
    await ingest.catchUp();
    const now = clock.now();
    const range = timeRange({ since, until }, now);
    const from = Math.floor(range.from / windowMs) * windowMs;
    const to = Math.ceil(range.to / windowMs) * windowMs;
    const stored = await selectWindows(db, { service, from, to, revision });
    if (stored.length === 0) await mustKnowRevision(db, service, revision);
    const columns: ProfileColumn[] = [];
    let rows = 0;
    for (const side of ["inputs", "predictions"] as const) {
      const keys = stored.filter((window) => window.side === side);
      const count = keys.reduce((sum, key) => sum + key.rows, 0);
      rows = Math.max(rows, count);
      columns.push(...(await columnsOf(db, side, keys, count)));
    }
    return { service, from, to, rows, columns };
  };

/** What does not depend on a layout, so that windows before and after a new baseline add up. */
type Counts = Pick<ColumnProfile, "rows" | "missing" | "infinite" | "texts" | "booleans" | "moments"> & {
  /** At least so many. */
  distinct: number;
};

async function columnsOf(db: Db, side: Side, keys: readonly StoredWindow[], rows: number): Promise<ProfileColumn[]> {
  const found = new Map<string, Counts>();
  for (const key of keys)
    for (const [name, profile] of (await readProfile(db, key)).columns)
      found.set(name, added(found.get(name), profile));
  const sample = await mergeWindowSamples(db, keys);
  return [...found].map(([column, counts]) => {
    // what all rows say is exact
    const distinct = holdsAll(sample) ? 0 : counts.distinct;
    return describe(side, column, { ...counts, distinct }, valuesOf(sample, column), rows);
  });
}

const distinctOf = ({ known, distinct }: ColumnProfile) =>
  known.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) + distinctCount(distinct);

function added(before: Counts | undefined, profile: ColumnProfile): Counts {
  const distinct = Math.max(before?.distinct ?? 0, distinctOf(profile));
  if (before === undefined) return { ...profile, distinct };
  const sum = (member: "rows" | "missing" | "infinite" | "texts" | "booleans") => before[member] + profile[member];
  return {
    rows: sum("rows"),
    missing: sum("missing"),
    infinite: sum("infinite"),
    texts: sum("texts"),
    booleans: sum("booleans"),
    moments: mergeMoments(before.moments, profile.moments),
    distinct,
  };
}

function valuesOf({ columns, rows }: RowSample, column: string): unknown[] {
  const place = columns.indexOf(column);
  return place < 0 ? [] : rows.map(({ values }) => values[place]);
}

function describe(side: Side, column: string, counts: Counts, sampled: unknown[], rows: number): ProfileColumn {
  const { moments, missing, infinite, texts, booleans } = counts;
  const numbers = sampled.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const some = moments.count > 0;
  const { top, distinct } = frequent(sampled);
  return {
    ...{ side, column, rows, missing: missing + rows - counts.rows, infinite, numbers: moments.count, texts, booleans },
    min: some ? moments.min : null,
    max: some ? moments.max : null,
    mean: some ? moments.mean : null,
    deviation: deviationOf(moments),
    quantiles: quantilesOf(Float64Array.from(numbers).sort()),
    // where it is an estimate: no more than there are values
    distinct: Math.min(Math.max(distinct, counts.distinct), counts.rows - missing),
    top,
  };
}

function quantilesOf(sorted: Float64Array): ProfileColumn["quantiles"] {
  if (sorted.length === 0) return null;
  const [p05, p25, p50, p75, p95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(sorted, share)) as [
    ...[number, number, number, number, number],
  ];
  return { p05, p25, p50, p75, p95 };
}

/** The most frequent values, where half of the values at least come again. */
function frequent(sampled: readonly unknown[]): { top: ProfileColumn["top"]; distinct: number } {
  const counts = new Map<unknown, number>();
  for (const value of sampled)
    if (value !== null && value !== undefined && !Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1));
  const top =
    counts.size * 2 > all ? [] : sorted.slice(0, 10).map(([value, n]) => ({ value: String(value), share: n / all }));
  return { top, distinct: counts.size };
}
