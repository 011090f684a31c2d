/** A row of a CSV file, with the line it begins at, counted from 1. */
export interface CsvRow {
  line: number;
  cells: string[];
}

/** The text is no CSV: `line` says where, counted from 1. */
export class CsvFault extends Error {
  readonly line: number;
  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/** A row longer than this is a quote that nobody closed, or no CSV. */
const maxRowChars = 4 << 20;

/**
 * The rows of CSV as it comes (RFC 4180; line ends \n, \r\n; UTF-8, a byte order mark is left out). Empty lines are no rows. Cells stand
 * between commas, or semicolons or tabs: what comes first outside of quotes.
 * Throws CsvFault: not UTF-8, a quote that is not closed or stands inside a cell, a row of more than 4 MB.
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const machine = csvMachine();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new CsvFault(machine.line(), "it is not UTF-8");
    }
  };
  for await (const chunk of bytes) yield* machine.take(decode(chunk));
  yield* machine.take(decode());
  yield* machine.end();
}

function csvMachine() {
  let line = 1;
  let startLine = 1;
  let cells: string[] = [];
  let cell = "";
  let length = 0;
  let delimiter: string | undefined;
  let state: "start" | "plain" | "quoted" | "closed" = "start";

  const endCell = () => {
    cells.push(cell);
    cell = "";
    state = "start";
  };

  function endRow(rows: CsvRow[]): void {
    // \r\n is a line end as \n is; a \r of its own is text
    if (state === "plain" && cell.endsWith("\r")) cell = cell.slice(0, -1);
    const empty = cells.length === 0 && cell === "" && state !== "closed";
    endCell();
    if (!empty) rows.push({ line: startLine, cells });
    cells = [];
    length = 0;
  }

  function takeQuoted(char: string): void {
    if (char === "\n") line += 1;
    if (char === '"') state = "closed";
    else cell += char;
  }

  function takeOne(char: string, rows: CsvRow[]): void {
    length += 1;
    if (length > maxRowChars) throw new CsvFault(startLine, "a row has more than 4 MB; is a quote not closed?");
    if (state !== "quoted" && delimiter === undefined && ",;\t".includes(char)) delimiter = char;
    if (state === "quoted") takeQuoted(char);
    else if (char === delimiter) endCell();
    else if (char === "\n") {
      endRow(rows);
      line += 1;
      startLine = line;
    } else if (char === '"' && state !== "plain") {
      if (state === "closed") cell += char;
      state = "quoted";
    } else if (state !== "closed") {
      state = "plain";
      cell += char;
    } else if (char !== "\r") throw new CsvFault(line, `text behind a closing quote: ${JSON.stringify(char)}`);
  }

  return {
    line: () => line,
    take(text: string): CsvRow[] {
      const rows: CsvRow[] = [];
      for (const char of text) takeOne(char, rows);
      return rows;
    },
    end(): CsvRow[] {
      const rows: CsvRow[] = [];
      if (state === "quoted") throw new CsvFault(startLine, "a quote is not closed");
      if (cells.length > 0 || cell !== "" || state === "closed") endRow(rows);
      return rows;
    },
  };
}
