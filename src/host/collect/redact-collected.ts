import { jsonOf, listOf, objectText, rowsText } from "../../records/redact/json-text.ts";
import { type Redactor, redactTable } from "../../records/redact/redactor.ts";
import type { Table as Rows, Value } from "../../records/table.ts";

/** Bytes of a table that are read before it is written: reading takes the time of requests. */
const longestRead = 1 << 20;

type Collected = { format: "table" | "records" | "text"; body: Uint8Array };

/** The bytes of a collected table as they may be written; null when it cannot be read as columns that the rules can find. */
export function redactCollected({ format, body }: Collected, redactor: Redactor): Buffer | null {
  if (format === "text" || body.length > longestRead) return null;
  const rows = readRows(format, body);
  if (rows === null || !redactor.canTell(rows)) return null;
  const redacted = redactTable(rows, redactor);
  return Buffer.from(format === "table" ? tableText(redacted) : recordsText(redacted), "utf8");
}

/** `{"columns": […], "rows": [[…]]}`, or a list of objects. */
function readRows(format: "table" | "records", body: Uint8Array): Rows | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch {
    return null;
  }
  if (format === "records") return rowsOfRecords(value);
  const { columns, rows } = (value ?? {}) as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows) || !rows.every(Array.isArray)) return null;
  return { columns: columns.map(String), rows: rows.map((row) => columns.map((_, place) => plain(row[place]))) };
}

function rowsOfRecords(value: unknown): Rows | null {
  const isObject = (one: unknown) => typeof one === "object" && one !== null && !Array.isArray(one);
  if (!Array.isArray(value) || !value.every(isObject)) return null;
  const records = value as Record<string, unknown>[];
  const columns = [...new Set(records.flatMap(Object.keys))];
  return { columns, rows: records.map((record) => columns.map((name) => plain(record[name]))) };
}

/** A nested value is one text. */
const plain = (value: unknown): Value =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : ((value ?? null) as Value);

const tableText = ({ columns, rows }: Rows): string =>
  objectText([
    ["columns", JSON.stringify(columns)],
    ["rows", rowsText(rows)],
  ]);

const recordsText = ({ columns, rows }: Rows): string =>
  listOf(rows.map((row) => objectText(columns.map((name, place) => [name, jsonOf(row[place] as Value)]))));
