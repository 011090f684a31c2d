import { isUtf8 } from "node:buffer";
import { kindOf, type Refuse } from "./rows.ts";

/** Strings, and the words for numbers that JSON lacks but Python writes. */
const wordOrString = /"[^"\\]*(?:\\.[^"\\]*)*"|\bNaN\b|\bInfinity\b/g;

/** A JSON object of a Python client: NaN counts as null, which stands for NaN in rows of numbers, and infinities are kept. */
export function readJsonObject(body: Buffer, refuse: Refuse): Record<string, unknown> {
  if (body.length === 0) refuse("The body is empty");
  if (!isUtf8(body)) refuse("The body is not UTF-8 text");
  const text = body.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    value = parsePythonJson(text, error as Error, refuse);
  }
  if (kindOf(value) === "an object") return value as Record<string, unknown>;
  return refuse(`The body is ${kindOf(value)}, not an object`);
}

function parsePythonJson(text: string, first: Error, refuse: Refuse): unknown {
  try {
    return JSON.parse(text.replace(wordOrString, (word) => ({ NaN: "null", Infinity: "1e999" })[word] ?? word));
  } catch {
    return refuse(`The body is not JSON: ${first.message.slice(0, 200)}`);
  }
}
