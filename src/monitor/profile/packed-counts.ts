import type { ColumnProfile } from "./column-profile.ts";
import type { DistinctValues } from "./distinct-values.ts";
import type { Category } from "./layout.ts";
import type { TableProfile } from "./table-profile.ts";

/** A profile without its sample. */
export type Counts = Omit<TableProfile, "sample">;

/*
 * Counts as numbers one behind the other, with texts apart: a tick writes a profile of a few rows, and an object for each value of each of its columns costs more
 * than they do. As bytes: the length of the texts (uint32, little-endian), the texts as a list in JSON, padded with blanks to a multiple of eight with the length,
 * and the numbers as float64, little-endian, as every machine that Node runs on is.
 *
 * rows, left out, number of columns; of each column, whose name is the next text: rows, missing, infinite, texts, booleans; count, min, max, mean, m2; below,
 * above; bins and known, each as its length, how many of it are told, and of those place and count, or the counts alone of all; capacity and limit of the distinct values, how many there
 * are, and of each its hash, its count, and what it is: 0 and the number, 1 and nothing for the next text, 2 and 0 or 1 for a boolean.
 */

let room = new Float64Array(8192);

interface Packing {
  at: number;
  texts: string[];
}

function put(packing: Packing, ...numbers: number[]): void {
  if (packing.at + numbers.length > room.length) {
    const larger = new Float64Array(room.length * 2 + numbers.length);
    larger.set(room);
    room = larger;
  }
  for (const number of numbers) {
    room[packing.at] = number;
    packing.at += 1;
  }
}

export function packCounts({ rows, leftOut, columns }: Counts): Buffer {
  const packing: Packing = { at: 0, texts: [] };
  put(packing, rows, leftOut, columns.size);
  for (const [name, column] of columns) {
    packing.texts.push(name);
    putColumn(packing, column);
  }
  const texts = Buffer.from(JSON.stringify(packing.texts));
  const start = Math.ceil((4 + texts.length) / 8) * 8;
  const bytes = Buffer.allocUnsafe(start + packing.at * 8);
  bytes.writeUInt32LE(start - 4, 0);
  bytes.fill(" ", 4, start);
  bytes.set(texts, 4);
  bytes.set(new Uint8Array(room.buffer, 0, packing.at * 8), start);
  return bytes;
}

function putColumn(packing: Packing, column: ColumnProfile): void {
  const { moments, bins, known, distinct } = column;
  put(packing, column.rows, column.missing, column.infinite, column.texts, column.booleans);
  put(packing, moments.count, moments.min, moments.max, moments.mean, moments.m2);
  put(packing, column.below, column.above);
  putSparse(packing, bins);
  putSparse(packing, known);
  put(packing, distinct.capacity, distinct.limit, distinct.values.size);
  for (const [hash, { value, count }] of distinct.values) {
    if (typeof value === "number") put(packing, hash, count, 0, value);
    else if (typeof value === "boolean") put(packing, hash, count, 2, value ? 1 : 0);
    else {
      put(packing, hash, count, 1, 0);
      packing.texts.push(value);
    }
  }
}

function putSparse(packing: Packing, counts: Float64Array): void {
  let some = 0;
  for (let place = 0; place < counts.length; place += 1) if (counts[place] !== 0) some += 1;
  if (some * 2 > counts.length) put(packing, counts.length, counts.length, ...counts);
  else {
    put(packing, counts.length, some);
    for (let place = 0; place < counts.length; place += 1)
      if (counts[place] !== 0) put(packing, place, counts[place] as number);
  }
}

/** Gives the next number, and the next text. */
interface Unpacking {
  next(): number;
  text(): string;
}

export function unpackCounts(bytes: Buffer): Counts {
  const start = 4 + bytes.readUInt32LE(0);
  const texts = JSON.parse(bytes.toString("utf8", 4, start)) as string[];
  // a copy, as numbers must be aligned
  const numbers = new Float64Array(new Uint8Array(bytes.subarray(start)).buffer);
  let [at, text] = [0, 0];
  const from: Unpacking = {
    next: () => numbers[at++] as number,
    text: () => texts[text++] as string,
  };
  const [rows, leftOut, size] = [from.next(), from.next(), from.next()];
  const columns: Counts["columns"] = new Map();
  for (let i = 0; i < size; i += 1) columns.set(from.text(), takeColumn(from));
  return { rows, columns, leftOut };
}

// Members are read in the order in which they stand here.
const takeColumn = (from: Unpacking): ColumnProfile => ({
  rows: from.next(),
  missing: from.next(),
  infinite: from.next(),
  texts: from.next(),
  booleans: from.next(),
  moments: { count: from.next(), min: from.next(), max: from.next(), mean: from.next(), m2: from.next() },
  below: from.next(),
  above: from.next(),
  bins: takeSparse(from),
  known: takeSparse(from),
  distinct: takeDistinct(from),
});

function takeSparse({ next }: Unpacking): Float64Array {
  const counts = new Float64Array(next());
  const some = next();
  for (let i = 0; i < some; i += 1) counts[some === counts.length ? i : next()] = next();
  return counts;
}

function takeDistinct(from: Unpacking): DistinctValues {
  const { next } = from;
  const [capacity, limit] = [next(), next()];
  const values: DistinctValues["values"] = new Map();
  for (let size = next(); size > 0; size -= 1) {
    const [hash, count, kind, number] = [next(), next(), next(), next()];
    values.set(hash, { value: categoryOf(from, kind, number), count });
  }
  return { values, capacity, limit };
}

function categoryOf({ text }: Unpacking, kind: number, number: number): Category {
  if (kind === 0) return number;
  return kind === 1 ? text() : number === 1;
}
