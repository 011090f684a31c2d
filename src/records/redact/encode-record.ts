import type { RequestLanguage, Signature } from "../../contract/host.ts";
import type { ScoreMethod } from "../json-rows.ts";
import type { Table, Value } from "../table.ts";
import { jsonOf, listOf, objectText, rowsText } from "./json-text.ts";
import { tensorsText } from "./tensor-text.ts";

/**
 * A request as JSON of its language, made of its rows alone: decode-record.ts reads the same rows from it. Nothing else that the
 * client sent is in it.
 */
export function encodeInputs(
  table: Table,
  { language, signature, method }: { language: RequestLanguage; signature: Signature; method: ScoreMethod },
): string {
  const isNumbered = table.rows.length > 0 && table.columns.every((column, place) => column === `x${place}`);
  const names: [string, string][] = isNumbered ? [] : [["columns", JSON.stringify(table.columns)]];
  const data: [string, string] = ["data", rowsText(table.rows)];
  const isProba = method === "predict_proba";
  switch (language) {
    case "inference": {
      const outputs: [string, string][] = isProba ? [["outputs", '[{"name":"predict_proba"}]']] : [];
      return objectText([["inputs", tensorsText(table, (column) => column)], ...outputs]);
    }
    case "mlflow": {
      const params: [string, string][] = isProba ? [["params", '{"method":"predict_proba"}']] : [];
      return objectText([["dataframe_split", objectText([...names, data])], ...params]);
    }
    default:
      if (language === "upstream" || signature.input.kind === "text") return objectText([...names, data]);
      return objectText([data, ...(isProba ? [["method", '"predict_proba"'] as const] : [])]);
  }
}

/** An answer as JSON of its language; decode-record.ts reads the same rows from it. */
export function encodePredictions(
  table: Table,
  { language, method }: { language: RequestLanguage; method: ScoreMethod },
): string {
  switch (language) {
    case "inference":
      return objectText([["outputs", tensorsText(table, (column) => (column === "prediction" ? "predict" : column))]]);
    case "mlflow":
      return objectText([["predictions", itemsText(table, method)]]);
    default:
      return itemsText(table, method);
  }
}

/** One item for each row: a value, a list of the method's values, or an object. */
function itemsText({ columns, rows }: Table, method: ScoreMethod): string {
  if (columns.length === 1 && columns[0] === "prediction") return listOf(rows.map((row) => jsonOf(row[0] as Value)));
  const prefix = method === "predict_proba" ? "score" : "prediction";
  if (columns.every((column, place) => column === `${prefix}.${place}`)) return rowsText(rows);
  return listOf(rows.map((row) => objectText(columns.map((column, place) => [column, jsonOf(row[place] as Value)]))));
}
