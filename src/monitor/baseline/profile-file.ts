import type { BaselineFile } from "../../contract/drift.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Table } from "../../records/table.ts";
import type { BlobStore } from "../../register/ports.ts";
import { csvTables } from "./csv-tables.ts";
import { type Profiled, pass, profileRows, type Rows } from "./profile-rows.ts";

/** Profiles an uploaded file, without the columns that are redacted. Throws blob-not-found; invalid-input when it is no table, or has no column of the target's name. */
export async function profileFile(
  blobs: Pick<BlobStore, "read" | "find">,
  { digest, format, target }: BaselineFile,
  redacted: readonly string[],
): Promise<{ inputs: Profiled; predictions: Profiled | null }> {
  if ((await blobs.find(digest)) === undefined) throw new ModelyardError("blob-not-found", { digest });
  const rows = format === "csv" ? await csvRows(() => blobs.read(digest)) : await parquetRows();
  await refuseTarget(rows, target ?? null);
  return profileRows(redacted.length === 0 ? rows : without(rows, redacted), target ?? null);
}

const without = (rows: Rows, redacted: readonly string[]): Rows =>
  async function* () {
    for await (const table of rows()) {
      const places = [...table.columns.keys()].filter((place) => !redacted.includes(table.columns[place] as string));
      const only = <Item>(list: readonly Item[]) => places.map((place) => list[place] as Item);
      yield { columns: only(table.columns), rows: table.rows.map(only) };
    }
  };

/** As pandas reads it: a column with a text is one of texts. */
async function csvRows(read: () => AsyncIterable<Uint8Array>): Promise<Rows> {
  const textual = new Set<string>();
  const rows = () => csvTables(read(), textual);
  const { inputs } = await pass(rows, null, { inputs: {}, predictions: {} });
  for (const [name, { texts, booleans, moments, infinite }] of inputs.columns)
    if ([texts, booleans, moments.count + infinite].filter((count) => count > 0).length > 1) textual.add(name);
  return rows;
}

async function parquetRows(): Promise<Rows> {
  throw new ModelyardError("invalid-input", { problems: "baseline: Parquet cannot be read yet; give CSV" });
}

async function refuseTarget(rows: Rows, target: string | null): Promise<void> {
  if (target === null) return;
  const first = await firstOf(rows());
  if (first?.columns.includes(target)) return;
  const names = first?.columns.slice(0, 20).join(", ");
  throw new ModelyardError("invalid-input", { problems: `baseline: no column is named ${target}; it has ${names}` });
}

async function firstOf(tables: AsyncIterable<Table>): Promise<Table | undefined> {
  for await (const table of tables) return table;
  return undefined;
}
