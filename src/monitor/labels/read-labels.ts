import { ModelyardError } from "../../contract/errors.ts";
import { type NewLabel, newLabelSchema } from "../../contract/labels.ts";
import { CsvFault, type CsvRow, readCsv } from "../../kernel/read-csv.ts";
import { readLines } from "../../kernel/read-lines.ts";
import { textValue } from "../../kernel/text-value.ts";
import { unfitJson } from "../../kernel/unfit-json.ts";
import { contradictionFinder } from "./contradictions.ts";
import type { OneLabel } from "./rows.ts";
import { rowsOfLabel } from "./rows-of-label.ts";

/** Names that a column, or a member of a JSON line, may have. */
const names = {
  id: ["id", "correlation_id", "correlationId", "request_id", "requestId"],
  value: ["value", "label"],
  row: ["row"],
  at: ["at", "time"],
} as const;

/** The labels of a file in batches, as it comes. Throws labels-invalid with the line of the first mistake; labels-empty. */
export async function* readLabels(
  bytes: AsyncIterable<Uint8Array>,
  { format, size, now }: { format: "csv" | "jsonl"; size: number; now: number },
): AsyncGenerator<OneLabel[]> {
  let batch: OneLabel[] = [];
  let isEmpty = true;
  const contradicted = contradictionFinder();
  const text = withoutOthers(bytes, format);
  for await (const { members, line } of format === "csv" ? ofCsv(text) : ofJsonLines(text)) {
    isEmpty = false;
    for (const label of labelsOf(members, line, now)) {
      const before = contradicted(label, line);
      if (before !== undefined)
        throw invalid(line, `line ${before} says something else of row ${label.row} of ${label.id}`);
      batch.push(label);
    }
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (isEmpty) throw new ModelyardError("labels-empty");
  if (batch.length > 0) yield batch;
}

/** What a line of a file says of a label. */
interface ReadLine {
  members: Record<string, unknown>;
  line: number;
}

/** Files that are neither CSV nor JSON lines, told by their first bytes. Parquet is read from its end, and labels as they come. */
async function* withoutOthers(bytes: AsyncIterable<Uint8Array>, format: "csv" | "jsonl"): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of bytes) {
    const start = isFirst ? Buffer.from(chunk.subarray(0, 100)).toString("latin1").trimStart() : "";
    if (start.startsWith("PAR1"))
      throw invalid(1, "it is Parquet; labels are CSV, such as pandas' to_csv(path, index=False), or JSON lines");
    if (start.startsWith("[") || (format === "csv" && start.startsWith("{")))
      throw invalid(
        1,
        "it is JSON; labels are CSV or JSON lines, such as pandas' to_json('labels.jsonl', orient='records', lines=True)",
      );
    isFirst = false;
    yield chunk;
  }
}

async function* ofCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadLine> {
  let places: Places | undefined;
  try {
    for await (const row of readCsv(bytes)) {
      if (places === undefined) places = placesOf(row);
      else if (row.cells.slice(places.cells).some((cell) => cell !== ""))
        throw invalid(
          row.line,
          `it has ${row.cells.length} cells and the header ${places.cells}; a text with the separator in it stands in "quotes"`,
        );
      else yield { members: membersOfCells(row, places), line: row.line };
    }
  } catch (error) {
    throw error instanceof CsvFault ? invalid(error.line, error.message) : error;
  }
}

/** Where the members stand, and how many cells a row has. */
type Places = Record<keyof typeof names | "cells", number>;

function placesOf({ cells, line }: CsvRow): Places {
  const place = (wanted: readonly string[]) => cells.findIndex((cell) => wanted.includes(cell.trim()));
  const places = {
    ...{ id: place(names.id), value: place(names.value), row: place(names.row), at: place(names.at) },
    cells: cells.length,
  };
  if (places.id < 0 || places.value < 0)
    throw invalid(line, `the header needs the columns id and value; it has ${cells.join(", ").slice(0, 200)}`);
  return places;
}

function membersOfCells({ cells }: CsvRow, places: Places): Record<string, unknown> {
  const cell = (place: number) => (cells[place] === "" ? undefined : cells[place]);
  const value = cell(places.value);
  const at = cell(places.at);
  return {
    id: cell(places.id),
    value: value === undefined ? undefined : textValue(value),
    row: cell(places.row),
    at: at === undefined ? undefined : /^\d+$/.test(at) ? Number(at) : at,
  };
}

async function* ofJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadLine> {
  for await (const { line, text } of readLines(bytes, (at, reason) => invalid(at, reason)))
    if (text.trim() !== "") yield { members: membersOfLine(text, line), line };
}

function membersOfLine(text: string, line: number): Record<string, unknown> {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw invalid(line, `it is not JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== "object" || parsed === null) throw invalid(line, "it is not a JSON object");
  const unfit = unfitJson(parsed);
  if (unfit !== undefined) throw invalid(line, unfit);
  const member = (wanted: readonly string[]) => parsed[wanted.find((name) => parsed[name] !== undefined) ?? ""];
  return { id: member(names.id), value: member(names.value), row: member(names.row), at: member(names.at) };
}

function labelsOf(members: Record<string, unknown>, line: number, now: number): OneLabel[] {
  const { data, error } = newLabelSchema.safeParse(members);
  if (data !== undefined) return rowsOfLabel(data as NewLabel, now, (reason) => invalid(line, reason));
  const missing = (["id", "value"] as const).filter((name) => members[name] === undefined);
  if (missing.length > 0) throw invalid(line, `it has no ${missing.join(" and no ")}`);
  throw invalid(line, error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

const invalid = (line: number, reason: string) => new ModelyardError("labels-invalid", { line, reason });
