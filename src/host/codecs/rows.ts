import { checkSize } from "../../records/check-size.ts";
import type { ScoreMethod } from "../../records/json-rows.ts";
import { kindOf, type Refuse } from "../../records/words.ts";
import type { Ask } from "./codec.ts";

/** Rows of numbers travel as float64; any other values as the JSON text of the rows. Error: body-too-large, or a refusal. */
export function askOfRows(rows: readonly unknown[][], columns: number, method: ScoreMethod, refuse: Refuse): Ask {
  checkSize(rows.length * columns * 8);
  const numbers = floats(rows.length * columns);
  let offset = 0;
  let allNumbers = true;
  for (const row of rows) {
    for (const value of row) {
      if (typeof value === "number") numbers[offset] = value;
      else if (typeof value === "object" && value !== null) refuseValue(value, offset, columns, refuse);
      else allNumbers = false;
      offset += 1;
    }
  }
  return allNumbers ? askOfNumbers(numbers, columns, method) : askOfJson(rows, method);
}

/** Room for numbers. That of a small request comes from the pool of buffers: an allocation of its own costs more than reading the row. */
function floats(count: number): Float64Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(count * 8);
  return byteOffset % 8 === 0 ? new Float64Array(buffer, byteOffset, count) : new Float64Array(count);
}

/** `numbers` row by row. Every platform Node runs on is little-endian, as the frame wants it. */
export function askOfNumbers(numbers: Float64Array, columns: number, method: ScoreMethod): Ask {
  const body = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  checkSize(body.length);
  return { input: { kind: "rows", method, shape: [numbers.length / columns, columns] }, body };
}

/** NaN becomes null, which the worker reads as NaN; infinities become numbers that overflow to them. */
export function askOfJson(rows: readonly unknown[][], method: ScoreMethod): Ask {
  const infinite = rows.some((row) => row.some((value) => value === Infinity || value === -Infinity));
  const text = infinite
    ? `[${rows.map((row) => `[${row.map(valueText).join(",")}]`).join(",")}]`
    : JSON.stringify(rows);
  const body = Buffer.from(text, "utf8");
  checkSize(body.length);
  return { input: { kind: "json", method, rows: rows.length }, body };
}

function valueText(value: unknown): string {
  if (value === Infinity) return "1e999";
  return value === -Infinity ? "-1e999" : JSON.stringify(value);
}

function refuseValue(value: object, offset: number, columns: number, refuse: Refuse): never {
  const [row, place] = [Math.floor(offset / columns) + 1, (offset % columns) + 1];
  return refuse(`Value ${place} of row ${row} is ${kindOf(value)}, not a number or text`);
}
