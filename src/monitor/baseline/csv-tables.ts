import { ModelyardError } from "../../contract/errors.ts";
import type { Table, Value } from "../../records/table.ts";

/** A line longer than this is no table's. */
const longestLine = 16 << 20;
const batchRows = 1000;

const wrong = (problem: string) => new ModelyardError("invalid-input", { problems: `baseline: ${problem}` });

/**
 * The rows of a CSV file (RFC 4180, UTF-8; the first line names the columns; commas, semicolons or tabs) in batches, as
 * `records/csv.ts` reads a body: cells that pandas takes for missing are null. A cell is read for itself, but as text in the columns of `textual`.
 */
export async function* csvTables(
  source: AsyncIterable<Uint8Array>,
  textual: ReadonlySet<string>,
): AsyncIterable<Table> {
  let columns: string[] | undefined;
  let delimiter = ",";
  let readers: ((cell: string) => Value)[] = [];
  let rows: Value[][] = [];
  let count = 0;
  for await (const line of linesOf(source)) {
    if (columns === undefined) {
      delimiter = delimiterOf(line);
      columns = cellsOf(line, delimiter, 0);
      refuseNames(columns);
      readers = columns.map((name) => (textual.has(name) ? textOf : readCell));
      continue;
    }
    count += 1;
    const cells = cellsOf(line, delimiter, count);
    if (cells.length !== columns.length)
      throw wrong(`row ${count} has ${cells.length} cells; the first line names ${columns.length} columns`);
    rows.push(cells.map((cell, i) => (readers[i] as (cell: string) => Value)(cell)));
    if (rows.length < batchRows) continue;
    if (count === batchRows) refuseDecimalCommas(columns, rows, delimiter);
    yield { columns, rows };
    rows = [];
  }
  if (columns === undefined) throw wrong("the file is empty; its first line names the columns");
  if (count < batchRows) refuseDecimalCommas(columns, rows, delimiter);
  if (rows.length > 0) yield { columns, rows };
  if (count === 0) throw wrong("the file names columns and has no row");
}

function refuseNames(columns: readonly string[]): void {
  if (columns.some((name) => name.includes("\r"))) throw wrong("its lines end with CR alone; write LF or CRLF");
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined && columns.every((name) => name.trim() !== "" && Number.isFinite(Number(name))))
    throw wrong("the first line holds numbers; it names the columns");
  if (twice !== undefined) throw wrong(`two columns are named ${JSON.stringify(twice.slice(0, 100))}`);
}

/** A column of 40,12 and the like would be one of texts, which no request of numbers resembles. */
function refuseDecimalCommas(columns: readonly string[], rows: readonly Value[][], delimiter: string): void {
  if (delimiter === ",") return;
  for (const [place, name] of columns.entries()) {
    const cells = rows.map((row) => row[place]).filter((cell) => cell !== null);
    if (cells.length > 0 && cells.every((cell) => /^[+-]?\d+,\d+$/.test(String(cell))))
      throw wrong(`the column ${name.slice(0, 100)} has numbers such as ${cells[0]}; write them with a decimal point`);
  }
}

/** Lines without their ends, empty ones left out. A line end inside quotes belongs to its line. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw wrong("the file is not UTF-8 text");
    }
  };
  let rest = "";
  let open = "";
  const whole = function* (text: string): Iterable<string> {
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    open = open === "" ? line : `${open}\n${line}`;
    if (open.length > longestLine) throw wrong("a line is longer than 16 MB; is it CSV?");
    if (open.includes('"') && (open.split('"').length - 1) % 2 === 1) return;
    if (open !== "") yield open;
    open = "";
  };
  for await (const bytes of source) {
    const lines = (rest + decode(bytes)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) throw wrong("a line is longer than 16 MB; is it CSV?");
    for (const line of lines) yield* whole(line);
  }
  yield* whole(rest + decode());
  if (open !== "") throw wrong("a quote is not closed");
}

/** What the first line has most of. */
function delimiterOf(line: string): string {
  const found = [",", ";", "\t"].map((delimiter) => ({ delimiter, times: line.split(delimiter).length }));
  return found.sort((a, b) => b.times - a.times)[0]?.delimiter ?? ",";
}

function cellsOf(line: string, delimiter: string, row: number): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}]*))(${delimiter}|$)`, "y");
  for (;;) {
    const found = cell.exec(line);
    if (found === null) throw wrong(`a quote is in the wrong place, in ${row === 0 ? "the first line" : `row ${row}`}`);
    cells.push(found[1] === undefined ? (found[2] ?? "") : found[1].replaceAll('""', '"'));
    if (found[3] === "") return cells;
  }
}

const missing = new Set(["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "<NA>", "n/a", "#N/A"]);
const infinite = /^([+-]?)inf(inity)?$/i;

const textOf = (cell: string): Value => (missing.has(cell.trim()) ? null : cell);

function readCell(cell: string): Value {
  const first = cell.charCodeAt(0);
  // The common case first: what begins like a number and is one. Number() also takes 0x10 and the like.
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) {
    const number = Number(cell);
    if (!Number.isNaN(number) && !/[xXbBoO]/.test(cell)) return number;
  }
  const text = cell.trim();
  if (missing.has(text)) return null;
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  const [, sign] = infinite.exec(text) ?? [];
  if (sign !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text !== cell && text !== "" && Number.isFinite(Number(text)) ? Number(text) : cell;
}
