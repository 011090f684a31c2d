import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { DatasetColumn } from "../../contract/datasets.ts";
import type { Value } from "../../records/table.ts";
import type { ReadColumn } from "./columns.ts";
import type { DatasetRow } from "./dataset-row.ts";

/** Values of a row group: enough to pack well; the server does nothing else meanwhile. */
const valuesAtOnce = 200_000;

const types: Record<DatasetColumn["type"], Pick<SchemaElement, "type" | "converted_type">> = {
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  time: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
};

/** Parquet with snappy, in row groups as they come; every column may miss values. The same rows are always the same bytes. */
export async function* writeParquet(
  columns: readonly ReadColumn[],
  rows: AsyncIterable<DatasetRow>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter(1 << 20);
  const elements = columns.map(
    ({ name, type }): SchemaElement => ({ name, repetition_type: "OPTIONAL", ...types[type] }),
  );
  const schema: SchemaElement[] = [{ name: "root", num_children: columns.length }, ...elements];
  const parquet = new ParquetWriter({ writer, schema, createdBy: "modelyard" });
  const most = Math.max(1000, Math.floor(valuesAtOnce / columns.length));
  let batch: DatasetRow[] = [];
  /** Hands over what was written and uses its memory again. */
  const drain = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  const flush = (): Uint8Array => {
    const columnData = columns.map((column) => ({
      name: column.name,
      data: batch.map((row) => parquetValue(column.type, column.read(row))),
    }));
    parquet.write({ columnData, rowGroupSize: batch.length });
    batch = [];
    return drain();
  };
  for await (const row of rows) {
    batch.push(row);
    if (batch.length >= most) yield flush();
  }
  if (batch.length > 0) yield flush();
  parquet.finish();
  yield drain();
}

function parquetValue(type: DatasetColumn["type"], value: Value): Value | bigint | Date {
  if (value === null || typeof value !== "number") return value;
  if (type === "integer") return BigInt(value);
  return type === "time" ? new Date(value) : value;
}
