import type { Signature } from "../contract/host.ts";
import { methodOf, type ScoreMethod } from "./json-rows.ts";
import { brief, kindOf, type Refuse } from "./words.ts";

/** One list of values for each row. Columns are null when they have no names. */
export interface NamedRows {
  columns: string[] | null;
  rows: unknown[][];
}

/** The method among MLflow's parameters of a prediction, of a model that has no parameters itself. All others are left alone, as MLflow does. */
export function readMethod(params: unknown, refuse: Refuse): ScoreMethod {
  if (params === undefined || params === null) return "predict";
  if (kindOf(params) !== "an object") refuse(`"params" is ${kindOf(params)}, not an object`);
  return methodOf((params as Record<string, unknown>).method, 'The "method" of "params"', refuse);
}

/** Where all else are numbers, a missing value is NaN, as pandas has it. */
export function withNaN(table: NamedRows): NamedRows {
  const isNumeric = table.rows.every((row) => row.every((value) => value === null || typeof value === "number"));
  if (!isNumeric || !table.rows.some((row) => row.includes(null))) return table;
  return { ...table, rows: table.rows.map((row) => row.map((value) => value ?? Number.NaN)) };
}

/** The values of each row in the order of the model's columns; names count only when both sides have them. */
export function rowsInOrder({ columns, rows }: NamedRows, { input }: Signature, refuse: Refuse): unknown[][] {
  const names = input.kind === "rows" ? input.names : null;
  if (columns === null) return rows;
  const place = new Map(columns.map((name, index) => [name, index]));
  const twice = columns.find((name, index) => place.get(name) !== index);
  if (twice !== undefined) refuse(`The column ${brief(twice)} is there twice`);
  if (names === null || (rows.length === 0 && columns.length === 0)) return rows;
  const known = new Set(names);
  const missing = names.filter((name) => !place.has(name));
  const extra = columns.filter((name) => !known.has(name));
  if (missing.length > 0) refuse(`${listed(missing)} missing; the model takes ${brief(names)}`);
  if (extra.length > 0) refuse(`${listed(extra)} not known; the model takes ${brief(names)}`);
  const order = names.map((name) => place.get(name) as number);
  return rows.map((row) => order.map((index) => row[index]));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(brief).join(", ") + (names.length > 5 ? ", …" : "");
  return names.length === 1 ? `The column ${shown} is` : `The columns ${shown} are`;
}
