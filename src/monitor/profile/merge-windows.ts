import type { Db } from "../../kernel/db.ts";
import type { Layout } from "./layout.ts";
import { renamed } from "./profile-records.ts";
import { mergeSamples, noSample, type RowSample } from "./row-sample.ts";
import { readProfile, readSample, type WindowKey } from "./rows.ts";
import { mergeTables, noTable, profileSample, type TableProfile } from "./table-profile.ts";

/** Rows of a sample that several windows make together. */
const mergedRows = 10_000;

/** `layout` names the columns of rows that came without names before it was there. */
export async function mergeWindowSamples(
  db: Db,
  windows: readonly WindowKey[],
  layout: Layout = {},
): Promise<RowSample> {
  const merged = noSample([], mergedRows);
  for (const key of windows) {
    const sample = await readSample(db, key);
    mergeSamples(merged, { ...sample, columns: [...renamed(sample.columns, layout)] });
  }
  return merged;
}

/**
 * One profile of windows, under a layout. What was counted by another layout cannot be counted again; then the windows' samples
 * stand for all their rows.
 */
export async function mergeWindows(
  db: Db,
  windows: readonly WindowKey[],
  { digest, layout }: { digest: string; layout: Layout },
): Promise<TableProfile> {
  if (windows.some((window) => window.layout !== digest))
    return profileSample(await mergeWindowSamples(db, windows, layout), layout);
  const merged = noTable();
  for (const key of windows) mergeTables(merged, await readProfile(db, key));
  return merged;
}
