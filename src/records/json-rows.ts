import { brief, countOf, kindOf, type Refuse } from "./words.ts";

/** What a model without a script is asked for. */
export type ScoreMethod = "predict" | "predict_proba";

const methods: readonly string[] = ["predict", "predict_proba"] satisfies ScoreMethod[];

export function isMethod(value: unknown): value is ScoreMethod {
  return methods.includes(value as string);
}

/** The method a request names, `predict` when it names none. `what` names the member in the refusal. */
export function methodOf(value: unknown, what: string, refuse: Refuse): ScoreMethod {
  if (value === undefined) return "predict";
  if (isMethod(value)) return value;
  return refuse(`${what} is ${brief(value)}; it can be ${methods.map((name) => `"${name}"`).join(" or ")}`);
}

/** The number of values all rows have. `wanted` is the model's, when it is known. */
export function checkWidths(rows: readonly unknown[][], wanted: number | null, refuse: Refuse): number {
  const columns = wanted ?? (rows[0] as unknown[]).length;
  if (columns === 0) refuse("Row 1 has no values");
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd !== -1) {
    const found = `Row ${odd + 1} has ${countOf((rows[odd] as unknown[]).length)}`;
    refuse(wanted === null ? `${found}, row 1 has ${columns}` : `${found}; the model takes ${columns}`);
  }
  return columns;
}

/** A list of texts as rows of one text each, as vectorizers of documents take them; null for any other list. */
export function rowsOfTexts(list: readonly unknown[]): unknown[][] | null {
  return list.every((item) => typeof item === "string") ? list.map((text) => [text]) : null;
}

/**
 * The rows of `{"data": [[…], …]}`. A list of texts is rows of one, unless `wanted`, the number of values that the model takes where it is
 * known, says that it is a row which lacks its list.
 */
export function readRows(data: unknown, wanted: number | null, refuse: Refuse): unknown[][] {
  if (data === undefined) refuse('The body has no "data"');
  if (!Array.isArray(data)) return refuse(`"data" is ${kindOf(data)}, not a list of rows`);
  const odd = data.findIndex((row) => !Array.isArray(row));
  if (odd === -1) return data as unknown[][];
  const texts = (wanted ?? 1) === 1 ? rowsOfTexts(data) : null;
  if (texts !== null) return texts;
  const what = kindOf(data[odd]);
  const isFlat = what !== "an object" && !data.some(Array.isArray);
  return refuse(
    isFlat ? '"data" is a flat list, not a list of rows' : `Row ${odd + 1} of "data" is ${what}, not a list of values`,
  );
}
