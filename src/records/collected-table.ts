import type { CollectedHead } from "../contract/host.ts";
import type { Table, Value } from "./table.ts";

/** The rows of what a script collected; null when its body is not what its format says. What is no single value is the text of its JSON. */
export function decodeCollected(format: CollectedHead["format"], body: Uint8Array): Table | null {
  if (format === "text") return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return format === "table" ? fromTable(value) : fromRecords(value);
  } catch {
    return null;
  }
}

function fromTable(value: unknown): Table | null {
  const { columns, rows } = value as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows) || !rows.every(Array.isArray)) return null;
  return {
    columns: columns.map(String),
    rows: rows.map((row) => columns.map((_, index) => plainValue(row[index]))),
  };
}

/** pandas' `to_json(orient="records")`: a list of objects, whose members are the columns. */
function fromRecords(value: unknown): Table | null {
  if (!Array.isArray(value) || !value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row)))
    return null;
  const rows = value as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rows: rows.map((row) => columns.map((name) => plainValue(row[name]))) };
}

function plainValue(value: unknown): Value {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as Value);
}

/** The same as the body of the format `table`. */
export const encodeCollected = ({ columns, rows }: Table): string =>
  `{"columns":${JSON.stringify(columns)},"rows":[${rows.map((row) => `[${row.map(valueText).join(",")}]`).join(",")}]}`;

/** Infinities are ±1e999, as in protocol/worker.md: JSON, and infinite for every reader of it. */
export function valueText(value: Value): string {
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "null" : value > 0 ? "1e999" : "-1e999";
  return JSON.stringify(value);
}
