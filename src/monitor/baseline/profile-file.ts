import type { BaselineFile } from "../../contract/drift.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Table } from "../../records/table.ts";
import type { BlobStore } from "../../register/ports.ts";
import type { TableProfile } from "../profile/table-profile.ts";
import { csvTables } from "./csv-tables.ts";
import { foreignColumns, type KnownColumns, refuseInputAsTarget, separatorHint } from "./known-columns.ts";
import { parquetTables } from "./parquet-tables.ts";
import { countBy, type ProfiledSides, type Rows, readOpenly } from "./profile-rows.ts";

/** Fewer rows say too little of what is usual. */
export const leastRows = 50;

export interface ProfiledFile extends ProfiledSides {
  /** Columns that no request can have. */
  leftOut: string[];
}

/** Profiles an uploaded file, without the columns that are redacted or left out. Throws blob-not-found; invalid-input when it is no table, has no column of the target's name or none of those that are known, or when the target is one of those. */
export async function profileFile(
  blobs: Pick<BlobStore, "read" | "find">,
  { digest, format, target = null }: Omit<BaselineFile, "target"> & { target?: string | null | undefined },
  redacted: readonly string[],
  known: KnownColumns | null = null,
): Promise<ProfiledFile> {
  const found = await blobs.find(digest);
  if (found === undefined) throw new ModelyardError("blob-not-found", { digest });
  const { size } = found;
  const textual = new Set<string>();
  const all: Rows =
    format === "csv"
      ? () => csvTables(blobs.read(digest), textual)
      : () => parquetTables({ size, read: (range) => blobs.read(digest, range) });
  const leftOut = await columnsToLeaveOut(all, target, known);
  const unwanted = [...redacted, ...leftOut];
  const rows = unwanted.length === 0 ? all : without(all, unwanted);
  const open = await readOpenly(rows, target);
  for (const name of mixed(open.inputs)) textual.add(name);
  if (target !== null && mixed(open.predictions).length > 0) textual.add(target);
  const sides = await countBy(rows, target, textual.size === 0 ? open : await readOpenly(rows, target));
  return { ...sides, leftOut };
}

/** As profileFile, of a file that is a baseline. Throws invalid-input for one of too few rows, too. */
export async function profileBaselineFile(...given: Parameters<typeof profileFile>): Promise<ProfiledFile> {
  const sides = await profileFile(...given);
  const rows = Math.max(sides.inputs?.profile.rows ?? 0, sides.predictions?.profile.rows ?? 0);
  if (rows >= leastRows) return sides;
  throw new ModelyardError("invalid-input", { problems: `baseline: the file has ${rows} rows; it takes ${leastRows}` });
}

const without = (rows: Rows, unwanted: readonly string[]): Rows =>
  async function* () {
    for await (const table of rows()) {
      const places = [...table.columns.keys()].filter((place) => !unwanted.includes(table.columns[place] as string));
      const only = <Item>(list: readonly Item[]) => places.map((place) => list[place] as Item);
      yield { columns: only(table.columns), rows: table.rows.map(only) };
    }
  };

/** Columns of CSV with values of several types: as pandas reads it, they are texts. */
const mixed = ({ columns }: TableProfile): string[] =>
  [...columns].flatMap(([name, { texts, booleans, moments, infinite }]) =>
    [texts, booleans, moments.count + infinite].filter((count) => count > 0).length > 1 ? [name] : [],
  );

/** Throws invalid-input, as profileFile does. */
async function columnsToLeaveOut(rows: Rows, target: string | null, known: KnownColumns | null): Promise<string[]> {
  if (target === null && known === null) return [];
  const { columns = [] } = (await firstOf(rows())) ?? {};
  if (target !== null && !columns.includes(target))
    throw new ModelyardError("invalid-input", {
      problems: `baseline: no column is named ${target}; it has ${columns.slice(0, 20).join(", ")}${separatorHint(columns)}`,
    });
  if (known === null) return [];
  refuseInputAsTarget(target, columns, known);
  return foreignColumns(
    columns.filter((column) => column !== target),
    known,
  );
}

async function firstOf(tables: AsyncIterable<Table>): Promise<Table | undefined> {
  for await (const table of tables) return table;
  return undefined;
}
