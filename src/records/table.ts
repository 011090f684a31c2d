import { giveUp } from "./undecoded.ts";

/** null is a missing value; NaN and infinities are numbers. */
export type Value = number | string | boolean | null;

/** Rows of named columns; every row has a value for each column. The names may be those of other tables, too: nobody changes them. */
export interface Table {
  columns: readonly string[];
  rows: Value[][];
}

/** Names that are given to most tables; made once. */
const numbered = new Map<number, string[]>();
const mostWidths = 100;

/** The names of columns that have none are `x0`, `x1`, …. Names of another number of columns say nothing. */
export function namesOf(columns: number, names: string[] | null): string[] {
  if (names?.length === columns) return names;
  let found = numbered.get(columns);
  if (found === undefined) {
    found = Array.from({ length: columns }, (_, place) => `x${place}`);
    if (numbered.size < mostWidths) numbered.set(columns, found);
  }
  return found;
}

/** Rows as they were parsed, when every one has a plain value for each column; else it is given up. */
export function tableOf(columns: readonly string[], rows: unknown[][]): Table {
  for (const row of rows) {
    if (row.length !== columns.length) giveUp("unfit");
    for (const value of row) if (typeof value === "object" && value !== null) giveUp("not-tabular");
  }
  return { columns, rows: rows as Value[][] };
}
