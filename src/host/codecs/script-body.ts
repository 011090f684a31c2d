import { checkSize } from "../../records/check-size.ts";
import { brief, type Refuse } from "../../records/words.ts";
import type { Ask } from "./codec.ts";
import type { Parameter } from "./script-parameters.ts";

/** The body that a script takes: a JSON object with the text of each parameter. Error: body-too-large, for what no frame can carry. */
export function askOfParameters(values: ReadonlyMap<string, string>): Ask {
  const members = [...values].map(([name, text]) => `${JSON.stringify(name)}: ${text}`);
  const body = Buffer.from(`{${members.join(", ")}}`, "utf8");
  checkSize(body.length);
  return { input: { kind: "text" }, body };
}

/** The parameter that rows go to: the only required one, else the only one. */
export function rowsParameter(parameters: readonly Parameter[], refuse: Refuse): Parameter {
  const required = parameters.filter((one) => one.required);
  const [only, ...more] = required.length > 0 ? required : parameters;
  if (only !== undefined && more.length === 0) return only;
  return refuse(`The entry script takes ${brief(parameters.map(({ name }) => name))}, not one list of rows`);
}

/** A value as JSON that Python reads; NaN is a word there. `float`: with a point, as Python would take 1 for an integer. */
export function valueText(value: unknown, float: boolean): string {
  if (typeof value !== "number") return JSON.stringify(value ?? null);
  const text = String(value);
  return float && Number.isInteger(value) && !text.includes("e") ? `${text}.0` : text;
}

/** A table in the orientation of pandas' `to_json`. In a frame null is what is missing. */
export function frameText(
  orient: string,
  columns: readonly string[],
  rows: readonly string[][],
  refuse: Refuse,
): string {
  const names = columns.map((name) => JSON.stringify(name));
  const list = (items: readonly string[]) => `[${items.join(", ")}]`;
  const object = (values: readonly string[]) =>
    `{${names.map((name, place) => `${name}: ${values[place]}`).join(", ")}}`;
  switch (orient) {
    case "records":
      return list(rows.map(object));
    case "values":
      return list(rows.map(list));
    case "split":
      return `{"columns": ${list(names)}, "index": ${list(rows.map((_, row) => String(row)))}, "data": ${list(rows.map(list))}}`;
    case "columns":
      return object(columns.map((_, place) => `{${rows.map((row, index) => `"${index}": ${row[place]}`).join(", ")}}`));
    default:
      return refuse(`The entry script takes a table in the orientation ${orient}; send it to /score`);
  }
}
