import type { Table, Value } from "../../records/table.ts";

/**
 * Rows of the same columns, each with its hash. Numbers stand in one array, row by row: they are counted without an object for each row, of which a batch has
 * thousands. What is no number is NaN there, and stands beside.
 */
export interface RowBlock {
  columns: readonly string[];
  rows: number;
  numbers: Float64Array;
  /** By column, then by row: texts, booleans and null. Columns of numbers alone have none. */
  others: (Value | undefined)[][];
  hashes: Float64Array;
}

const firstRows = 64;

export const noRows = (columns: readonly string[]): RowBlock => ({
  columns,
  rows: 0,
  numbers: new Float64Array(firstRows * columns.length),
  others: [],
  hashes: new Float64Array(firstRows),
});

/** Adds rows that have a value for each column of the block. */
export function appendRows(block: RowBlock, rows: readonly (readonly Value[])[], hashes: readonly number[]): void {
  const { columns } = block;
  makeRoom(block, block.rows + rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as readonly Value[];
    const start = block.rows * columns.length;
    for (let place = 0; place < columns.length; place += 1) {
      const value = row[place];
      if (typeof value === "number") block.numbers[start + place] = value;
      else {
        block.numbers[start + place] = Number.NaN;
        setOther(block, place, value ?? null);
      }
    }
    block.hashes[block.rows] = hashes[i] as number;
    block.rows += 1;
  }
}

function makeRoom(block: RowBlock, rows: number): void {
  if (rows <= block.hashes.length) return;
  const most = Math.max(rows, block.hashes.length * 2);
  const { numbers, hashes, columns } = block;
  block.numbers = new Float64Array(most * columns.length);
  block.numbers.set(numbers);
  block.hashes = new Float64Array(most);
  block.hashes.set(hashes);
}

/** In the row that is added. */
function setOther(block: RowBlock, place: number, value: Value): void {
  let column = block.others[place];
  if (column === undefined) {
    column = [];
    block.others[place] = column;
  }
  while (column.length < block.rows) column.push(undefined);
  column.push(value);
}

export function blockOf({ columns, rows }: Table, hashes: readonly number[]): RowBlock {
  const block = noRows(columns);
  appendRows(block, rows, hashes);
  return block;
}

/** The values of a row, as they were added. */
export function rowAt({ columns, numbers, others }: RowBlock, row: number): Value[] {
  const start = row * columns.length;
  const values: Value[] = Array.from(numbers.subarray(start, start + columns.length));
  if (others.length > 0)
    for (let place = 0; place < others.length; place += 1) {
      const other = others[place]?.[row];
      if (other !== undefined) values[place] = other;
    }
  return values;
}
