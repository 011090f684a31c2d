import type { Table, Value } from "../../records/table.ts";
import { type ColumnProfile, mergeProfiles, noProfile, takeValues } from "./column-profile.ts";
import { hashRow, hashText } from "./hash.ts";
import { type ColumnLayout, type Layout, openLayout } from "./layout.ts";
import { blockOf, type RowBlock, rowAt } from "./row-block.ts";
import { addRow, arrange, mergeSamples, noSample, type RowSample, sampleCapacity, settle } from "./row-sample.ts";

/** What is kept of all rows of a window: each column, and a sample of whole rows. */
export interface TableProfile {
  rows: number;
  /** By name. A column that came later has fewer rows than the table. */
  columns: Map<string, ColumnProfile>;
  sample: RowSample;
  /** Columns over the most that are profiled. */
  leftOut: number;
}

/** Names come with requests; a client that makes up new ones must not fill the memory. */
const mostColumns = 1000;

/** Room for the sample: at most `rows` rows, and `cells` values. */
export interface SampleSize {
  rows: number;
  cells: number;
}
const windowSample: SampleSize = { rows: 1000, cells: 50_000 };
export const baselineSample: SampleSize = { rows: 10_000, cells: 1_000_000 };

/** Rows whose hash is `limit` or more need not be sampled. */
export const noTable = (limit?: number): TableProfile => ({
  rows: 0,
  columns: new Map(),
  sample: noSample([], 0, limit),
  leftOut: 0,
});

export const layoutOf = (layout: Layout, column: string): ColumnLayout =>
  Object.hasOwn(layout, column) ? (layout[column] as ColumnLayout) : openLayout;

/** The hashes of the rows of one record. */
export function rowHashes(id: string, rows: number): number[] {
  const record = hashText(id);
  return Array.from({ length: rows }, (_, row) => hashRow(record, row));
}

/** Takes rows, each with its hash. Many at once are cheaper than one by one. */
export const takeTable = (
  profile: TableProfile,
  layout: Layout,
  table: Table,
  hashes: readonly number[],
  size: SampleSize = windowSample,
): void => takeBlock(profile, layout, blockOf(table, hashes), size);

export function takeBlock(
  profile: TableProfile,
  layout: Layout,
  block: RowBlock,
  size: SampleSize = windowSample,
): void {
  takeColumns(profile, layout, block, size);
  const { sample } = profile;
  const arranged = arrange(sample, block.columns, (column) => profile.columns.has(column));
  for (let row = 0; row < block.rows; row += 1) {
    const hash = block.hashes[row] as number;
    if (hash < sample.limit) addRow(sample, hash, arranged(rowAt(block, row)));
  }
}

function takeColumns(profile: TableProfile, layout: Layout, block: RowBlock, size: SampleSize): void {
  const { columns, rows } = block;
  profile.rows += rows;
  for (const [place, name] of columns.entries()) {
    let column = profile.columns.get(name);
    if (column === undefined) {
      if (profile.columns.size >= mostColumns) {
        profile.leftOut = Math.max(profile.leftOut, columns.length - mostColumns);
        continue;
      }
      column = noProfile(layoutOf(layout, name));
      profile.columns.set(name, column);
    }
    takeValues(column, layoutOf(layout, name), block, place);
  }
  profile.sample.capacity = Math.max(
    profile.sample.capacity,
    sampleCapacity(profile.columns.size, size.cells, size.rows),
  );
}

/** Adds the second profile to the first; both are of one layout. */
export function mergeTables(into: TableProfile, from: TableProfile): void {
  into.rows += from.rows;
  into.leftOut = Math.max(into.leftOut, from.leftOut);
  for (const [name, column] of from.columns) {
    const before = into.columns.get(name);
    if (before === undefined) {
      if (into.columns.size < mostColumns) into.columns.set(name, structuredClone(column));
      else into.leftOut = Math.max(into.leftOut, 1);
    } else mergeProfiles(before, column);
  }
  mergeSamples(into.sample, from.sample, Math.max(into.sample.capacity, from.sample.capacity));
}

/** A profile of sampled rows alone, under another layout, and of those only that `wanted` takes. */
export function profileSample(
  { columns, rows, limit, capacity }: RowSample,
  layout: Layout,
  wanted: (values: readonly Value[]) => boolean = () => true,
): TableProfile {
  const profile = noTable();
  const chosen = rows.filter(({ values }) => wanted(values));
  const table = { columns, rows: chosen.map(({ values }) => values) };
  takeColumns(
    profile,
    layout,
    blockOf(
      table,
      chosen.map(({ hash }) => hash),
    ),
    windowSample,
  );
  profile.sample = settle({ columns, rows: chosen, limit, capacity });
  return profile;
}
