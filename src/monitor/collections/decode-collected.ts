import type { CollectedHead } from "../../contract/host.ts";

/** A cell; what is no single value is the text of its JSON. Infinities are numbers. */
export type Cell = number | string | boolean | null;

export interface CollectedTable {
  columns: string[];
  rows: Cell[][];
}

/** The rows of a collected table; null when its body is not what its format says. */
export function decodeCollected(format: CollectedHead["format"], body: Uint8Array): CollectedTable | null {
  if (format === "text") return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return format === "table" ? fromTable(value) : fromRecords(value);
  } catch {
    return null;
  }
}

function fromTable(value: unknown): CollectedTable | null {
  const { columns, rows } = value as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(rows) || !rows.every(Array.isArray)) return null;
  return {
    columns: columns.map(String),
    rows: rows.map((row) => columns.map((_, index) => cellOf(row[index]))),
  };
}

/** pandas' `to_json(orient="records")`: a list of objects, whose members are the columns. */
function fromRecords(value: unknown): CollectedTable | null {
  if (!Array.isArray(value) || !value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row)))
    return null;
  const rows = value as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rows: rows.map((row) => columns.map((name) => cellOf(row[name]))) };
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
}
