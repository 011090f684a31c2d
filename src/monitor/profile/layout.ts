/** A value that names a category. The number 1 and the text "1" are two. */
export type Category = string | number | boolean;

export type ValueType = "number" | "string" | "boolean";

/** What a baseline fixes for one column, so that windows are counted alike and add up. */
export interface ColumnLayout {
  /** A column of few distinct values is one of categories, be they numbers. */
  kind: "number" | "category";
  /** Ascending inner edges of the bins of numbers; bin i holds edge i−1 < x ≤ edge i, the first and the last are open. */
  edges: readonly number[];
  /** Values that are counted one by one. */
  categories: readonly Category[];
  /** Whether `categories` are all that the baseline has; only then is another value an unseen one. */
  complete: boolean;
  /** Types of value that the baseline has; empty where there is no baseline. */
  types: readonly ValueType[];
  /** Least and greatest number of the baseline. */
  range: readonly [number, number] | null;
}

/** The layouts of a table's columns by name. A column it does not name is profiled openly. */
export type Layout = Readonly<Record<string, ColumnLayout>>;

/** Of a column that no baseline tells of: no bins, no categories. */
export const openLayout: ColumnLayout = {
  kind: "number",
  edges: [],
  categories: [],
  complete: false,
  types: [],
  range: null,
};
