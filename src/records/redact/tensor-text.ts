import type { Table, Value } from "../table.ts";
import { jsonOf, listOf } from "./json-text.ts";

/** Columns as tensors [rows, 1] of the Open Inference Protocol in JSON, one for each; null stands for a missing number. */
export function tensorsText({ columns, rows }: Table, nameOf: (column: string) => string): string {
  return listOf(
    columns.map((column, place) => {
      const values = rows.map((row) => row[place] as Value);
      const datatype = datatypeOf(values);
      const data =
        datatype === "BYTES" ? values.map((value) => JSON.stringify(String(value ?? ""))) : values.map(jsonOf);
      const head = JSON.stringify({ name: nameOf(column), datatype, shape: [rows.length, 1] });
      return `${head.slice(0, -1)},"data":${listOf(data)}}`;
    }),
  );
}

function datatypeOf(values: readonly Value[]): "FP64" | "BOOL" | "BYTES" {
  if (values.every((value) => value === null || typeof value === "number")) return "FP64";
  return values.every((value) => typeof value === "boolean") ? "BOOL" : "BYTES";
}
