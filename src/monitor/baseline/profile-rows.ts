import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import type { Table } from "../../records/table.ts";
import type { Layout } from "../profile/layout.ts";
import { makeLayout } from "../profile/make-layout.ts";
import type { RowSample } from "../profile/row-sample.ts";
import type { Side } from "../profile/rows.ts";
import {
  baselineSample,
  noTable,
  profileSample,
  rowHashes,
  type TableProfile,
  takeTable,
} from "../profile/table-profile.ts";

/** A layout with the profile of the rows it was made of. */
export interface Profiled {
  digest: string;
  layout: Layout;
  profile: TableProfile;
}

const digestOf = (layout: Layout): string => sha256(canonicalJson(layout));

/** Rows that can be read more than once. */
export type Rows = () => AsyncIterable<Table>;

/** Reads rows twice: once to fix the layout, once to count by it exactly. The target's column is what is predicted. */
export const profileRows = async (rows: Rows, target: string | null): Promise<ProfiledSides> =>
  countBy(rows, target, await readOpenly(rows, target));

export interface ProfiledSides {
  inputs: Profiled;
  predictions: Profiled | null;
}

/** The first of the two readings. */
export const readOpenly = (rows: Rows, target: string | null): Promise<Record<Side, TableProfile>> =>
  pass(rows, target, { inputs: {}, predictions: {} });

/** The second one, by the layouts that follow from the first. */
export async function countBy(
  rows: Rows,
  target: string | null,
  open: Record<Side, TableProfile>,
): Promise<ProfiledSides> {
  const layouts = { inputs: makeLayout(open.inputs), predictions: makeLayout(open.predictions) };
  const counted = await pass(rows, target, layouts);
  const of = (side: Side): Profiled => ({
    digest: digestOf(layouts[side]),
    layout: layouts[side],
    profile: counted[side],
  });
  return { inputs: of("inputs"), predictions: target === null ? null : of("predictions") };
}

/** One pass over all rows, openly where a layout names nothing. */
async function pass(
  rows: Rows,
  target: string | null,
  layouts: Record<Side, Layout>,
): Promise<Record<Side, TableProfile>> {
  const profiles = { inputs: noTable(), predictions: noTable() };
  let count = 0;
  for await (const table of rows()) {
    const sides = split(table, target);
    // Each batch is a record of its own to the sample.
    const hashes = rowHashes(`row ${count}`, table.rows.length);
    takeTable(profiles.inputs, layouts.inputs, sides.inputs, hashes, baselineSample);
    if (sides.predictions !== null)
      takeTable(profiles.predictions, layouts.predictions, sides.predictions, hashes, baselineSample);
    count += table.rows.length;
  }
  return profiles;
}

function split(table: Table, target: string | null): { inputs: Table; predictions: Table | null } {
  const place = target === null ? -1 : table.columns.indexOf(target);
  if (place < 0) return { inputs: table, predictions: null };
  const others = (_: unknown, i: number) => i !== place;
  return {
    inputs: { columns: table.columns.filter(others), rows: table.rows.map((row) => row.filter(others)) },
    predictions: { columns: ["prediction"], rows: table.rows.map((row) => [row[place] ?? null]) },
  };
}

/** The same of a sample of rows, which then are all there is. */
export function profileOfSample(sample: RowSample): Profiled {
  const layout = makeLayout(profileSample(sample, {}));
  return { digest: digestOf(layout), layout, profile: profileSample(sample, layout) };
}
