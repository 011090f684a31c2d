/** A value of a column: null is a missing one; NaN and infinities are numbers. */
export type Value = number | string | boolean | null;

export interface Table {
  columns: string[];
  rows: Value[][];
}
