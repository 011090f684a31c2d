import { isUtf8 } from "node:buffer";
import { kindOf, type Refuse } from "./words.ts";

/** Strings, and the words for numbers that JSON lacks but Python writes. */
const wordOrString = /"[^"\\]*(?:\\.[^"\\]*)*"|\bNaN\b|\bInfinity\b/g;

/** A JSON object of a Python client: NaN counts as null, which stands for NaN in rows of numbers, and infinities are kept. */
export function readJsonObject(body: Buffer, refuse: Refuse): Record<string, unknown> {
  if (body.length === 0) refuse("The body is empty");
  if (!isUtf8(body)) refuse("The body is not UTF-8 text");
  const text = body.toString("utf8");
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    refuse(`The body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (kindOf(value) === "an object") return value as Record<string, unknown>;
  return refuse(`The body is ${kindOf(value)}, not an object`);
}

/** JSON as Python writes it: NaN is null, infinities are numbers. Error: SyntaxError, of the text as it is. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/\bNaN\b|\bInfinity\b/.test(text)) throw error;
    try {
      return JSON.parse(text.replace(wordOrString, (word) => ({ NaN: "null", Infinity: "1e999" })[word] ?? word));
    } catch {
      throw error;
    }
  }
}
