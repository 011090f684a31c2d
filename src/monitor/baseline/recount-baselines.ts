import type { Db } from "../../kernel/db.ts";
import type { ColumnLayout, Layout } from "../profile/layout.ts";
import type { RowSample } from "../profile/row-sample.ts";
import { profileSample } from "../profile/table-profile.ts";
import { type Profiled, profileOfSample } from "./profile-rows.ts";
import { replaceBaseline, sampledBaselines } from "./rows.ts";

/** A sample of a baseline without some of its rows; undefined: it stays. `rows` is how many were counted there. */
export type Without = (sample: RowSample, rows: number) => RowSample | undefined;

/**
 * Counts the baselines again that were made of a window of a service's past and held rows that go. The layout stays unless it names a value that
 * went with them: under a new one, windows are compared by their samples.
 */
export async function recountBaselines(tx: Db, service: string, without: Without): Promise<void> {
  for (const { side, digest, layout, sample, rows } of await sampledBaselines(tx, service)) {
    const left = without(sample, rows);
    if (left === undefined) continue;
    const anew = profileOfSample(left);
    const made: Profiled = namesSameValues(layout, anew.layout)
      ? { digest, layout, profile: profileSample(left, layout) }
      : anew;
    await replaceBaseline(tx, service, side, { ...made, profile: { ...made.profile, sample: left } });
  }
}

/** Whether all that a layout says of values is in what is left as well: categories, and the least and the greatest number. */
function namesSameValues(before: Layout, now: Layout): boolean {
  const same = (a: ColumnLayout, b: ColumnLayout | undefined) =>
    b !== undefined &&
    a.categories.every((value) => b.categories.includes(value)) &&
    a.range?.[0] === b.range?.[0] &&
    a.range?.[1] === b.range?.[1];
  return Object.entries(before).every(([name, layout]) => same(layout, now[name]));
}
