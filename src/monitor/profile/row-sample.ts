import type { Value } from "../../records/table.ts";

/**
 * Whole rows with the smallest hashes. Hashes come from record and row, so that inputs and predictions of one row stay together,
 * and samples merged are the sample of all rows.
 */
export interface RowSample {
  columns: string[];
  capacity: number;
  /** Rows with a hash of this and above were left out; 2 ** 53 when none was. */
  limit: number;
  rows: { hash: number; values: Value[] }[];
}

const everything = 2 ** 53;

export const noSample = (columns: readonly string[], capacity: number, limit = everything): RowSample => ({
  columns: [...columns],
  capacity,
  limit,
  rows: [],
});

/** Whether it is all rows there were. */
export const holdsAll = ({ limit }: RowSample): boolean => limit === everything;

/** As many rows as make `cells` values, between 100 and `most`: wide tables must not cost more than others. */
export const sampleCapacity = (columns: number, cells: number, most: number): number =>
  Math.max(100, Math.min(most, Math.floor(cells / Math.max(1, columns))));

/** Takes a row whose values stand in the order of the sample's columns. The array is kept, not copied. */
export function addRow(sample: RowSample, hash: number, values: Value[]): void {
  if (hash >= sample.limit) return;
  sample.rows.push({ hash, values });
  // Sorting only when twice as many are there keeps the cost of a row constant.
  if (sample.rows.length >= 2 * sample.capacity) settle(sample);
}

/** Sorts by hash and leaves out what is over the capacity. */
export function settle(sample: RowSample): RowSample {
  sample.rows.sort((a, b) => a.hash - b.hash);
  const over = sample.rows[sample.capacity];
  if (over !== undefined) {
    sample.limit = over.hash;
    sample.rows.length = sample.capacity;
  }
  return sample;
}

/** What rows of later samples must have a smaller hash than, to come into the sample of all: as it is known by those that were added. */
export interface HashLimit {
  limit: number;
  add(sample: RowSample): void;
}

export function noHashLimit(): HashLimit {
  let hashes: number[] = [];
  const known: HashLimit = {
    limit: everything,
    add: ({ rows, capacity, limit }) => {
      // the same rows come again when a transaction failed
      hashes = [...new Set([...hashes, ...rows.map(({ hash }) => hash)])].sort((a, b) => a - b);
      known.limit = Math.min(known.limit, limit, hashes[capacity] ?? everything);
      hashes.length = Math.min(hashes.length, capacity);
    },
  };
  return known;
}

/** Gives how to bring a row of `columns` into the order of the sample; columns that the sample lacks are added to it when they may be. */
export function arrange(
  sample: RowSample,
  columns: readonly string[],
  may: (column: string) => boolean = () => true,
): (values: Value[]) => Value[] {
  const same = () => columns.length === sample.columns.length && columns.every((name, i) => name === sample.columns[i]);
  if (same()) return (values) => values;
  const known = new Set(sample.columns);
  for (const column of columns) if (!known.has(column) && may(column)) sample.columns.push(column);
  if (same()) return (values) => values;
  const places = sample.columns.map((column) => columns.indexOf(column));
  return (values) => places.map((place) => (place < 0 ? null : (values[place] ?? null)));
}

/** Adds the second sample to the first, which keeps at most `capacity` rows. */
export function mergeSamples(into: RowSample, from: RowSample, capacity = into.capacity): void {
  const arranged = arrange(into, from.columns);
  into.capacity = capacity;
  into.limit = Math.min(into.limit, from.limit);
  into.rows = into.rows.filter(({ hash }) => hash < into.limit);
  for (const { hash, values } of from.rows) if (hash < into.limit) into.rows.push({ hash, values: arranged(values) });
  settle(into);
}
