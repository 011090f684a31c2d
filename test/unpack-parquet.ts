import { parquetReadObjects } from "hyparquet";
import type { Unpack } from "./search-disk.ts";

/** The values of a file of Parquet, decompressed: texts, bytes, and numbers as eight bytes. */
export const unpackParquet: Unpack = async (path, bytes) => {
  if (!path.endsWith(".parquet")) return undefined;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, utf8: false });
  return Buffer.concat(rows.flatMap((row) => Object.values(row).map(bytesOf)));
};

function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== "number") return Buffer.from(String(value));
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  return double;
}
