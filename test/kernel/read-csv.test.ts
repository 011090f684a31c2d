import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CsvFault, type CsvRow, readCsv } from "../../src/kernel/read-csv.ts";
import { textValue } from "../../src/kernel/text-value.ts";

/** The bytes in pieces of a length, so that every place is a border once. */
async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function rowsOf(bytes: Uint8Array, length = 7): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of readCsv(pieces(bytes, length))) rows.push(row);
  return rows;
}

const faultOf = (text: string | Buffer) =>
  rowsOf(Buffer.from(text as string)).then(
    () => undefined,
    (error: CsvFault) => [error.line, error.message],
  );

test("what csv-stringify writes is read as it was, whatever the pieces it comes in", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", '"', ",", ";", "\t", "\n", "\r", " ", "1", ".") });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom(",", ";", "\t"),
      async (rows, length, end, delimiter) => {
        const named = [["id", "value"], ...rows];
        const text = stringify(named, { delimiter, record_delimiter: end, quoted_match: /[\r\n]/ });
        expect((await rowsOf(Buffer.from(text), length)).map(({ cells }) => cells)).toEqual(named);
      },
    ),
  );
});

test("lines are counted where rows begin, and empty lines are no rows", async () => {
  const text = '\ufeffa,b\r\n\r\n"two\nlines",1\n,\n""\nlast,x';
  expect(await rowsOf(Buffer.from(text))).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 3, cells: ["two\nlines", "1"] },
    { line: 5, cells: ["", ""] },
    { line: 6, cells: [""] },
    { line: 7, cells: ["last", "x"] },
  ]);
});

test("what is no CSV is told with its line", async () => {
  expect(await faultOf('a\n"open')).toEqual([2, "a quote is not closed"]);
  expect(await faultOf('a\n"x"y')).toEqual([2, 'text behind a closing quote: "y"']);
  expect(await faultOf(Buffer.from([0x61, 0x0a, 0xff, 0x0a]))).toEqual([1, "it is not UTF-8"]);
});

test("cells are numbers and booleans when they are written as one", () => {
  for (const [text, value] of [
    ["7", 7],
    ["-0.5", -0.5],
    ["1e-3", 0.001],
    ["007", "007"],
    ["1e999", "1e999"],
    ["True", true],
    ["false", false],
    [" 7", " 7"],
    ["", ""],
    ["Infinity", "Infinity"],
  ] as const)
    expect(textValue(text)).toBe(value);
});
