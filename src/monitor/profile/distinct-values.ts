import { hashNumber, hashText } from "./hash.ts";
import type { Category } from "./layout.ts";

/**
 * A sample of the distinct values: those with the smallest hashes, each with how often it came. What stays in the sample was in
 * it from its first time on, so counts are exact, and samples merged are the sample of all values.
 */
export interface DistinctValues {
  /** By hash. */
  values: Map<number, { value: Category; count: number }>;
  /** How many are kept. */
  capacity: number;
  /** Values with a hash of this and above were left out; 2 ** 53 when none was. */
  limit: number;
}

const everything = 2 ** 53;

export const noDistinct = (capacity: number): DistinctValues => ({ values: new Map(), capacity, limit: everything });

const longest = 200;

function hashOf(value: Category): number {
  if (typeof value === "number") return hashNumber(value);
  return typeof value === "boolean" ? hashText(String(value), 2) : hashText(value, 1);
}

export function addDistinct(distinct: DistinctValues, value: Category, count = 1): void {
  const hash = hashOf(value);
  if (hash >= distinct.limit) return;
  const before = distinct.values.get(hash);
  if (before !== undefined) {
    before.count += count;
    return;
  }
  const kept = typeof value === "string" && value.length > longest ? value.slice(0, longest) : value;
  insert(distinct, hash, kept, count);
}

function insert(distinct: DistinctValues, hash: number, value: Category, count: number): void {
  distinct.values.set(hash, { value, count });
  if (distinct.values.size <= distinct.capacity) return;
  let greatest = -1;
  for (const key of distinct.values.keys()) if (key > greatest) greatest = key;
  distinct.values.delete(greatest);
  distinct.limit = greatest;
}

/** Adds the second sample to the first. */
export function mergeDistinct(into: DistinctValues, from: DistinctValues): void {
  if (from.limit < into.limit) {
    into.limit = from.limit;
    for (const hash of into.values.keys()) if (hash >= into.limit) into.values.delete(hash);
  }
  for (const [hash, { value, count }] of from.values) {
    if (hash >= into.limit) continue;
    const before = into.values.get(hash);
    if (before === undefined) insert(into, hash, value, count);
    else before.count += count;
  }
}

/** How many distinct values there are: exact while all are kept; then by the density of the smallest hashes, with a standard error of some 13 % where 64 are kept and 27 % where 16 are. */
export const distinctCount = ({ values, limit }: DistinctValues): number =>
  limit === everything ? values.size : Math.round((values.size / limit) * everything);

export const isWhole = ({ limit }: DistinctValues): boolean => limit === everything;

/** All kept values, most frequent first. */
export const valuesByCount = ({ values }: DistinctValues): { value: Category; count: number }[] =>
  [...values.values()].sort((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1));
