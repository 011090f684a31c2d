import type { CompiledInput } from "../../../contract/compiled-input.ts";
import type { ScoreMethod } from "../../../records/json-rows.ts";
import type { ScoreItemHead } from "../worker-frames.ts";

/** The rows of one request. */
export interface Rows {
  method: ScoreMethod;
  count: number;
  columns: number;
  /** Row-major; numbers, unless the model takes a table. */
  values: Float64Array | readonly unknown[];
}

/** Rows of all parts together. */
export const countOf = (parts: readonly Rows[]): number => parts.reduce((sum, { count }) => sum + count, 0);

/** What does not fit the model; the text is one line fit for the client. */
export class Invalid extends Error {}

/** The model has not the method that is asked of it. */
export class Lacking extends Invalid {
  readonly method: string;

  constructor(method: string) {
    super(`this model has no ${method}`);
    this.method = method;
  }
}

/** The rows an item brings. `input` says what a compiled model takes. Invalid: a model of numbers gets something else. */
export function rowsOf(item: ScoreItemHead, body: Uint8Array, input?: CompiledInput): Rows {
  if (item.kind === "rows") {
    const [count, columns] = item.shape;
    return { method: item.method, count, columns, values: floatsOf(body) };
  }
  if (item.kind !== "json") throw new Error(`an ONNX model cannot answer an item of kind ${item.kind}`);
  const rows = JSON.parse(Buffer.from(body).toString("utf8")) as unknown[][];
  const shape = { method: item.method, count: rows.length, columns: rows[0]?.length ?? 0 };
  if (input?.kind === "table") return { ...shape, values: rows.flat() };
  const values = rows.flatMap((row, place) =>
    row.map((value, column) => numberOf(value, input?.mixed ?? false, () => `Value ${column + 1} of row ${place + 1}`)),
  );
  return { ...shape, values: Float64Array.from(values) };
}

/**
 * Truth values count as 1 and 0, and null is NaN, as in the Python worker; `mixed`: numbers may be written as text. Invalid: anything
 * else that is no number; `place` says where it stands.
 */
export function numberOf(value: unknown, mixed: boolean, place: () => string): number {
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (value === null) return Number.NaN;
  if (mixed && typeof value === "string" && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value))
    return Number(value);
  throw new Invalid(`${place()} is not a number, and the model takes nothing else`);
}

/** Float64 little-endian; bytes that do not lie as an array of numbers must are copied. */
function floatsOf({ buffer, byteOffset, length }: Uint8Array): Float64Array {
  const aligned =
    byteOffset % 8 === 0
      ? ([buffer, byteOffset] as const)
      : ([buffer.slice(byteOffset, byteOffset + length), 0] as const);
  return new Float64Array(...aligned, length / 8);
}
