import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { Cell } from "./rows.ts";

export type Method = "predict" | "predict_proba";

/** Rows as a request body in one of the languages (docs/guide/request-languages.md). `names` are null where the model knows none. */
export function bodyOf(
  language: SpokenLanguage,
  rows: readonly (readonly Cell[])[],
  names: readonly string[] | null,
  method: Method,
): string {
  const isAsked = method !== "predict";
  switch (language) {
    case "azure":
      return JSON.stringify({ data: rows, ...(isAsked ? { method } : {}) });
    case "mlflow":
      return JSON.stringify({
        ...(names === null ? { inputs: rows } : { dataframe_split: { columns: names, data: rows } }),
        ...(isAsked ? { params: { method } } : {}),
      });
    case "inference":
      return JSON.stringify({ inputs: tensorsOf(rows, names), ...(isAsked ? { outputs: [{ name: method }] } : {}) });
  }
}

/** One tensor of all values, or one for each named column. */
function tensorsOf(rows: readonly (readonly Cell[])[], names: readonly string[] | null) {
  if (names === null) return [tensorOf("input", rows.flat(), [rows.length, rows[0]?.length ?? 0])];
  return names.map((name, place) =>
    tensorOf(
      name,
      rows.map((row) => row[place] ?? null),
      [rows.length, 1],
    ),
  );
}

function tensorOf(name: string, cells: readonly Cell[], shape: number[]) {
  const all = (type: string) => cells.every((cell) => cell === null || typeof cell === type);
  if (all("number")) return { name, datatype: "FP64", shape, data: cells };
  if (all("boolean")) return { name, datatype: "BOOL", shape, data: cells };
  return { name, datatype: "BYTES", shape, data: cells.map((cell) => (cell === null ? null : String(cell))) };
}
