import { ModelyardError } from "../../contract/errors.ts";
import { frameLimit, type ScoreMethod } from "../engines/worker-frames.ts";
import type { Ask } from "./codec.ts";

/** Throws the error of a language for input that does not fit. */
export type Refuse = (reason: string) => never;

/** Bytes one ask may have: leaves room for the head in a frame. */
const longestAsk = frameLimit - (1 << 20);

/** Error: body-too-large, for what no frame can carry. */
export function checkSize(bytes: number): void {
  if (bytes > longestAsk) throw new ModelyardError("body-too-large", { limit: longestAsk });
}

const methods: readonly string[] = ["predict", "predict_proba"] satisfies ScoreMethod[];

export function isMethod(value: unknown): value is ScoreMethod {
  return methods.includes(value as string);
}

/** The method a request names, `predict` when it names none. `what` names the member in the refusal. */
export function methodOf(value: unknown, what: string, refuse: Refuse): ScoreMethod {
  if (value === undefined) return "predict";
  if (isMethod(value)) return value;
  return refuse(`${what} is ${brief(value)}; it can be ${methods.map((name) => `"${name}"`).join(" or ")}`);
}

/** The number of values all rows have. `wanted` is the model's, when it is known. */
export function checkWidths(rows: readonly unknown[][], wanted: number | null, refuse: Refuse): number {
  const columns = wanted ?? (rows[0] as unknown[]).length;
  if (columns === 0) refuse("Row 1 has no values");
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd !== -1) {
    const found = `Row ${odd + 1} has ${countOf((rows[odd] as unknown[]).length)}`;
    refuse(wanted === null ? `${found}, row 1 has ${columns}` : `${found}; the model takes ${columns}`);
  }
  return columns;
}

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
  return { input: { kind: "json", method }, body };
}

function valueText(value: unknown): string {
  if (value === Infinity) return "1e999";
  return value === -Infinity ? "-1e999" : JSON.stringify(value);
}

function refuseValue(value: object, offset: number, columns: number, refuse: Refuse): never {
  const [row, place] = [Math.floor(offset / columns) + 1, (offset % columns) + 1];
  return refuse(`Value ${place} of row ${row} is ${kindOf(value)}, not a number or text`);
}

/** What a JSON value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { object: "an object", string: "a text", number: "a number", boolean: "a boolean" }[typeof value as string] ?? "odd"
  );
}

export function countOf(values: number): string {
  return values === 1 ? "1 value" : `${values} values`;
}

/** The JSON of a value, cut for a message. What is nested deeper than the stack is only named. */
export function brief(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "nothing";
  } catch {
    return kindOf(value);
  }
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
