export type Cell = string | number | boolean | null;

/** What is known of a column: its name, whether it takes numbers or text, and the values it is limited to. */
export interface Column {
  name: string;
  type: "number" | "text" | null;
  only: readonly (string | number)[] | null;
}

const isCell = (value: unknown): value is Cell =>
  value === null || ["string", "number", "boolean"].includes(typeof value);
const isRow = (value: unknown): value is Cell[] => Array.isArray(value) && value.every(isCell);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The rows of a request body in Azure ML's or MLflow's language: lists of values of one width. Undefined when it holds none. */
export function rowsOfBody(text: string | null): Cell[][] | undefined {
  const body = parse(text ?? "");
  if (!isObject(body)) return undefined;
  const split = isObject(body.dataframe_split) ? body.dataframe_split.data : undefined;
  return rowsOf(body.data ?? split ?? body.inputs ?? body.instances);
}

function rowsOf(value: unknown): Cell[][] | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRow)) return undefined;
  return value.every((row) => row.length === value[0]?.length) ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value as somebody types it: a number where it reads as one and the column is not text, true and false, and nothing as null. */
export function cellOf(text: string, type: Column["type"]): Cell {
  const trimmed = text.trim();
  if (type === "text") return text;
  if (trimmed === "") return null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : text;
}

export const textOfCell = (cell: Cell | undefined): string => (cell === null || cell === undefined ? "" : String(cell));

/**
 * Rows as somebody pastes them: JSON (a list of rows, of objects, or a whole request body) or CSV, whose first line may name the columns.
 * Throws an Error that says what is wrong.
 */
export function readRows(text: string, columns: readonly Column[]): Cell[][] {
  const trimmed = text.trim();
  if (trimmed === "") throw new Error("There are no rows yet.");
  const rows = /^[[{]/.test(trimmed) ? readJson(trimmed, columns) : readCsv(trimmed, columns);
  const width = columns.length || (rows[0]?.length ?? 0);
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd !== -1) throw new Error(`Row ${odd + 1} has ${rows[odd]?.length} values; the model takes ${width}.`);
  return rows;
}

function readJson(text: string, columns: readonly Column[]): Cell[][] {
  const value = parse(text);
  if (value === undefined) throw new Error("This begins like JSON and is none.");
  const ofBody = isObject(value) ? rowsOfBody(text) : undefined;
  if (ofBody !== undefined) return ofBody;
  const list = Array.isArray(value) ? value : [value];
  if (isRow(list) && list.length > 0) return [list];
  return list.map((row, place) => {
    if (isRow(row)) return row;
    if (!isObject(row)) throw new Error(`Row ${place + 1} is neither a list nor an object of plain values.`);
    return columns.map(({ name }) => {
      const cell = row[name];
      if (cell === undefined) throw new Error(`Row ${place + 1} has no ${name}.`);
      if (!isCell(cell)) throw new Error(`Row ${place + 1}: ${name} is not a plain value.`);
      return cell;
    });
  });
}

function readCsv(text: string, columns: readonly Column[]): Cell[][] {
  const lines = splitCsv(text);
  const [first = []] = lines;
  const names = columns.map(({ name }) => name);
  const hasHeader = first.length > 0 && first.every((cell) => names.includes(cell.trim()));
  const order = hasHeader ? names.map((name) => first.findIndex((cell) => cell.trim() === name)) : undefined;
  const absent = order?.indexOf(-1) ?? -1;
  if (absent !== -1) throw new Error(`The first line has no column ${names[absent]}.`);
  return lines
    .slice(hasHeader ? 1 : 0)
    .map((cells) =>
      (order?.map((place) => cells[place] ?? "") ?? cells).map((cell, place) =>
        cellOf(cell, columns[place]?.type ?? null),
      ),
    );
}

/** Lines of CSV (RFC 4180) with commas, semicolons or tabs, whichever the first line has. */
function splitCsv(text: string): string[][] {
  const [head = ""] = text.split("\n", 1);
  const separator = ["\t", ";", ","].find((sign) => head.includes(sign)) ?? ",";
  const lines: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const end = () => {
    lines.at(-1)?.push(cell);
    cell = "";
  };
  for (let place = 0; place < text.length; place++) {
    const sign = text[place] as string;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[place + 1] === '"') cell += text[++place];
      else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === separator) end();
    else if (sign === "\n") {
      end();
      lines.push([]);
    } else if (sign !== "\r") cell += sign;
  }
  end();
  return lines.filter((line) => line.length > 1 || line[0] !== "");
}
