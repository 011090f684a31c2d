import { isUtf8 } from "node:buffer";
import { ModelyardError } from "../../contract/errors.ts";
import type { WantedRevision } from "../../contract/host.ts";
import { frameLimit, type ScoreMethod, type WorkerInput } from "../engines/worker-frames.ts";

/** What a scoring body asks of a worker, or the answer when no worker is needed. */
export type DecodedScore = { input: WorkerInput; body: Uint8Array } | { answer: string };

/** Leaves room for the head in a frame. */
const longestItem = frameLimit - (1 << 20);
const methods: readonly string[] = ["predict", "predict_proba"] satisfies ScoreMethod[];

/**
 * Reads the body of `POST /services/<name>/score` as Azure ML's servers do. A script gets it as text; a model without a script takes
 * `{"data": [[…], …], "method": "predict"|"predict_proba"}`. Errors: invalid-input (not UTF-8), not-json, rows-invalid, and
 * body-too-large for what no frame can carry.
 */
export function decodeScore(body: Buffer, revision: Pick<WantedRevision, "script" | "signature">): DecodedScore {
  const decoded = decode(body, revision);
  if ("body" in decoded && decoded.body.length > longestItem)
    throw new ModelyardError("body-too-large", { limit: longestItem });
  return decoded;
}

function decode(body: Buffer, revision: Pick<WantedRevision, "script" | "signature">): DecodedScore {
  if (!isUtf8(body)) throw new ModelyardError("invalid-input", { problems: "the body is not UTF-8 text" });
  if (revision.script !== null) return { input: { kind: "text" }, body };
  const { data, method } = readObject(body);
  if (method !== undefined && !methods.includes(method as string))
    refuse(`"method" is ${brief(method)}; it can be ${methods.map((name) => `"${name}"`).join(" or ")}`);
  const rows = readRows(data);
  if (rows.length === 0) return { answer: "[]" };
  const { input } = revision.signature;
  const columns = checkWidths(rows, input.kind === "rows" ? input.columns : null);
  return encodeRows(rows, columns, (method as ScoreMethod | undefined) ?? "predict");
}

function refuse(reason: string): never {
  throw new ModelyardError("rows-invalid", { reason });
}

function readObject(body: Buffer): { data?: unknown; method?: unknown } {
  if (body.length === 0) throw new ModelyardError("not-json", { reason: "it is empty" });
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new ModelyardError("not-json", { reason: (error as Error).message.slice(0, 200) });
  }
  if (kindOf(value) !== "an object") refuse(`The body is ${kindOf(value)}, not an object with "data"`);
  return value as { data?: unknown; method?: unknown };
}

function readRows(data: unknown): unknown[][] {
  if (data === undefined) refuse('The body has no "data"');
  if (!Array.isArray(data)) return refuse(`"data" is ${kindOf(data)}, not a list of rows`);
  const odd = data.findIndex((row) => !Array.isArray(row));
  if (odd === -1) return data as unknown[][];
  const what = kindOf(data[odd]);
  return refuse(
    odd === 0 && what !== "an object"
      ? `"data" is a flat list; wrap one row in a list of its own: [[…]]`
      : `Row ${odd + 1} of "data" is ${what}, not a list of values`,
  );
}

/** The number of values all rows have. `wanted` is the model's, when it is known. */
function checkWidths(rows: readonly unknown[][], wanted: number | null): number {
  const columns = wanted ?? (rows[0] as unknown[]).length;
  if (columns === 0) refuse("Row 1 has no values");
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd !== -1) {
    const found = `Row ${odd + 1} has ${countOf((rows[odd] as unknown[]).length)}`;
    refuse(wanted === null ? `${found}, row 1 has ${columns}` : `${found}; the model takes ${columns}`);
  }
  return columns;
}

/** Rows of numbers travel as float64; any other values as the JSON text of the rows. */
function encodeRows(rows: readonly unknown[][], columns: number, method: ScoreMethod): DecodedScore {
  const numbers = new Float64Array(rows.length * columns);
  let offset = 0;
  let allNumbers = true;
  for (const row of rows) {
    for (const value of row) {
      if (typeof value === "number") numbers[offset] = value;
      else if (typeof value === "object" && value !== null) refuseValue(value, offset, columns);
      else allNumbers = false;
      offset += 1;
    }
  }
  if (!allNumbers) return { input: { kind: "json", method }, body: Buffer.from(JSON.stringify(rows), "utf8") };
  // every platform Node runs on is little-endian, as the frame wants it
  return { input: { kind: "rows", method, shape: [rows.length, columns] }, body: new Uint8Array(numbers.buffer) };
}

function refuseValue(value: object, offset: number, columns: number): never {
  const [row, place] = [Math.floor(offset / columns) + 1, (offset % columns) + 1];
  refuse(`Value ${place} of row ${row} is ${kindOf(value)}, not a number or text`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { object: "an object", string: "a text", number: "a number", boolean: "a boolean" }[typeof value as string] ?? "odd"
  );
}

function countOf(values: number): string {
  return values === 1 ? "1 value" : `${values} values`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
