import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress as zstdDecompress } from "fzstd";
import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { ModelyardError } from "../../contract/errors.ts";
import type { ByteRange } from "../../contract/operation.ts";
import type { Table, Value } from "../../records/table.ts";

/** Values that are in memory at once. */
const valuesAtOnce = 2_000_000;

interface Bytes {
  size: number;
  read(range: ByteRange): AsyncIterable<Uint8Array>;
}

type Parquet = Parameters<typeof parquetReadObjects>[0];

/** Of a page, packed; unpacked it has no more bytes than its header says. Node has zstd from 22.15 on. */
const compressors = {
  GZIP: (bytes: Uint8Array, size: number) => gunzipSync(bytes, { maxOutputLength: Math.max(1, size) }),
  BROTLI: (bytes: Uint8Array, size: number) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) }),
  ZSTD: (bytes: Uint8Array, size: number) => zstdDecompress(bytes, new Uint8Array(size)),
};

const wrong = (problem: string) => new ModelyardError("invalid-input", { problems: `baseline: ${problem}` });

/** The rows of a Parquet file in batches. Columns of lists or structures are no columns of a table and refused. */
export async function* parquetTables(bytes: Bytes): AsyncIterable<Table> {
  const file = bufferOf(bytes);
  const metadata = await understood(() => parquetMetadataAsync(file));
  const columns = columnsOf(metadata);
  const count = Number(metadata.num_rows);
  if (count === 0) throw wrong("the file names columns and has no row");
  const step = Math.max(100, Math.floor(valuesAtOnce / columns.length));
  for (let rowStart = 0; rowStart < count; rowStart += step) {
    const given = { file, metadata, compressors, rowStart, rowEnd: Math.min(count, rowStart + step) };
    const rows = await understood(() => parquetReadObjects(given as unknown as Parquet));
    yield { columns, rows: rows.map((row) => columns.map((column) => plain(column, row[column]))) };
  }
}

/** What the library throws tells of the file: it is told as the user's mistake. */
async function understood<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ModelyardError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const [, codec] = /compression codec: (\w+)/.exec(message) ?? [];
    throw wrong(
      codec === undefined
        ? "the Parquet file cannot be read: it is cut off, damaged or no Parquet"
        : `the Parquet file is packed with ${codec}; write it with zstd, snappy, gzip, brotli or none`,
    );
  }
}

function columnsOf({ schema }: FileMetaData): string[] {
  const [root, ...elements] = schema;
  const nested = elements.find(
    ({ num_children, repetition_type }) => num_children !== undefined || repetition_type === "REPEATED",
  );
  if (nested !== undefined) throw wrong(`the column ${nested.name} holds lists or structures`);
  // Data frames with an index of their own have it as a column; nobody sends it.
  const columns = elements.map(({ name }) => name).filter((name) => !/^__index_level_\d+__$/.test(name));
  if (root === undefined || columns.length === 0) throw wrong("the Parquet file has no columns");
  return columns;
}

function plain(column: string, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  throw wrong(`the column ${column} holds bytes`);
}

const bufferOf = ({ size, read }: Bytes) => ({
  byteLength: size,
  async slice(start: number, end = size): Promise<ArrayBuffer> {
    const parts: Uint8Array[] = [];
    for await (const part of read({ start: start < 0 ? size + start : start, end: end - 1 })) parts.push(part);
    const joined = Buffer.concat(parts);
    return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length) as ArrayBuffer;
  },
});
