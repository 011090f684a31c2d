import type { ScoreItemHead, ScoreMethod } from "../worker-frames.ts";

/** The rows of one request. */
export interface Rows {
  method: ScoreMethod;
  count: number;
  columns: number;
  /** Row-major. */
  values: Float64Array;
}

/** What does not fit the model; the text is one line fit for the client. */
export class Invalid extends Error {}

/** The rows an item brings. Invalid: it holds text. */
export function rowsOf(item: ScoreItemHead, body: Uint8Array): Rows {
  if (item.kind === "rows") {
    const [count, columns] = item.shape;
    return { method: item.method, count, columns, values: floatsOf(body) };
  }
  if (item.kind !== "json") throw new Error(`an ONNX model cannot answer an item of kind ${item.kind}`);
  const rows = JSON.parse(Buffer.from(body).toString("utf8")) as unknown[][];
  const columns = rows[0]?.length ?? 0;
  const values = rows.flatMap((row, place) => row.map((value, column) => numberOf(value, place, column)));
  return { method: item.method, count: rows.length, columns, values: Float64Array.from(values) };
}

/** Truth values count as 1 and 0, and null is NaN, as in the Python worker. */
function numberOf(value: unknown, row: number, column: number): number {
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (value === null) return Number.NaN;
  throw new Invalid(`Value ${column + 1} of row ${row + 1} is not a number, and the model takes nothing else`);
}

/** Float64 little-endian; bytes that do not lie as an array of numbers must are copied. */
function floatsOf({ buffer, byteOffset, length }: Uint8Array): Float64Array {
  const aligned =
    byteOffset % 8 === 0
      ? ([buffer, byteOffset] as const)
      : ([buffer.slice(byteOffset, byteOffset + length), 0] as const);
  return new Float64Array(...aligned, length / 8);
}

const integers: Record<string, [lowest: number, highest: number]> = {
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** The types of a model's input that rows of numbers can become. */
export const inputTypes: readonly string[] = ["float32", "float64", ...Object.keys(integers)];

/** Rows one below the other as values of the input's type. Invalid: a value that is no whole number where the model takes those. */
export function stack(parts: readonly Rows[], type: string): Float32Array | Float64Array | Int32Array | BigInt64Array {
  const length = parts.reduce((sum, { values }) => sum + values.length, 0);
  const range = integers[type];
  if (range !== undefined) for (const part of parts) refuseFractions(part, type, range);
  const all = new Float64Array(type === "float64" || type === "int64" ? length : 0);
  const target = type === "float32" ? new Float32Array(length) : type === "int32" ? new Int32Array(length) : all;
  let offset = 0;
  for (const { values } of parts) {
    target.set(values, offset);
    offset += values.length;
  }
  return type === "int64" ? BigInt64Array.from(all, BigInt) : target;
}

function refuseFractions({ values, columns }: Rows, type: string, [lowest, highest]: [number, number]): void {
  const odd = values.findIndex((value) => !Number.isInteger(value) || value < lowest || value > highest);
  if (odd === -1) return;
  const [row, place] = [Math.floor(odd / columns) + 1, (odd % columns) + 1];
  throw new Invalid(`Value ${place} of row ${row} is ${values[odd]}; the model takes whole numbers (${type})`);
}
