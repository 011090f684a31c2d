import { giveUp } from "./undecoded.ts";

/** null is a missing value; NaN and infinities are numbers. */
export type Value = number | string | boolean | null;

/** Rows of named columns; every row has a value for each column. */
export interface Table {
  columns: string[];
  rows: Value[][];
}

/** The names of columns that have none are `x0`, `x1`, …. Names of another number of columns say nothing. */
export const namesOf = (columns: number, names: readonly string[] | null): string[] =>
  names?.length === columns ? [...names] : Array.from({ length: columns }, (_, place) => `x${place}`);

/** Rows as they were parsed, when every one has a plain value for each column; else it is given up. */
export function tableOf(columns: string[], rows: unknown[][]): Table {
  for (const row of rows) {
    if (row.length !== columns.length) giveUp("unfit");
    for (const value of row) if (typeof value === "object" && value !== null) giveUp("not-tabular");
  }
  return { columns, rows: rows as Value[][] };
}
