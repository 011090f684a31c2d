import type { NamedRows } from "./named-rows.ts";
import type { Refuse } from "./words.ts";

/** What pandas reads as missing, of the words people and programs write. */
const missing = new Set(["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "<NA>", "n/a", "#N/A"]);
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const infinity = /^([+-]?)inf(inity)?$/i;

/**
 * CSV with a line of column names (RFC 4180; any line ends, blank lines left out). As pandas does it, a column is numbers when all
 * its cells are, truth values when all are, else text; missing cells are null.
 */
export function readCsv(text: string, refuse: Refuse): NamedRows {
  const [columns, ...lines] = cellsOf(text.replace(/^\ufeff/, ""), refuse);
  if (columns === undefined) return refuse("The CSV is empty: its first line names the columns");
  const odd = lines.findIndex((line) => line.length !== columns.length);
  if (odd !== -1)
    refuse(`Row ${odd + 1} of the CSV has ${lines[odd]?.length} cells; its first line names ${columns.length} columns`);
  const rows: unknown[][] = lines.map(() => []);
  for (let column = 0; column < columns.length; column += 1) {
    const values = columnValues(lines.map((line) => line[column] as string));
    for (const [row, value] of values.entries()) rows[row]?.push(value);
  }
  return { columns, rows };
}

function columnValues(cells: string[]): unknown[] {
  const present = cells.filter((cell) => !missing.has(cell.trim()));
  const read = present.every(isNumber)
    ? toNumber
    : present.every((cell) => /^(true|false)$/i.test(cell))
      ? (cell: string) => cell.toLowerCase() === "true"
      : (cell: string) => cell;
  return cells.map((cell) => (missing.has(cell.trim()) ? null : read(cell)));
}

const isNumber = (cell: string): boolean => number.test(cell.trim()) || infinity.test(cell.trim());

function toNumber(cell: string): number {
  const [, sign] = infinity.exec(cell.trim()) ?? [];
  if (sign === undefined) return Number(cell);
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const cellEnd = /[,\r\n"]/g;

/** The cells of each line. A cell in quotes may hold commas, line ends and doubled quotes. */
function cellsOf(text: string, refuse: Refuse): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  const endLine = () => {
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
  };
  const wrong = () =>
    refuse(
      `The CSV has a quote in the wrong place, in ${lines.length === 0 ? "its first line" : `row ${lines.length}`}`,
    );
  while (at < text.length || line.length > 0) {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end === -1) wrong();
      line.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      cellEnd.lastIndex = at;
      const end = cellEnd.exec(text)?.index ?? text.length;
      line.push(text.slice(at, end));
      at = end;
    }
    const next = text[at];
    if (next === ",") {
      at += 1;
      continue;
    }
    if (next !== undefined && next !== "\n" && next !== "\r") wrong();
    at += next === "\r" && text[at + 1] === "\n" ? 2 : 1;
    endLine();
  }
  return lines;
}
