import { stringify } from "csv-stringify/sync";
import type { Value } from "../../records/table.ts";
import type { ReadColumn } from "./columns.ts";
import type { DatasetRow } from "./dataset-row.ts";

const rowsAtOnce = 1000;

/** CSV as pandas, Polars and DuckDB read it: UTF-8, a header, times as ISO text, nothing for a missing value, `""` for an empty text. */
export async function* writeCsv(
  columns: readonly ReadColumn[],
  rows: AsyncIterable<DatasetRow>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(stringify([columns.map(({ name }) => name)]));
  let batch: string[][] = [];
  const flush = () => Buffer.from(stringify(batch, { quoted_match: /^$|\r/, quoted_empty: false }));
  for await (const row of rows) {
    batch.push(columns.map((column) => textOf(column, row)) as string[]);
    if (batch.length < rowsAtOnce) continue;
    yield flush();
    batch = [];
  }
  if (batch.length > 0) yield flush();
}

function textOf({ type, read }: ReadColumn, row: DatasetRow): Value {
  const value = read(row);
  if (value === null || typeof value === "string") return value;
  return type === "time" ? new Date(Number(value)).toISOString() : String(value);
}
