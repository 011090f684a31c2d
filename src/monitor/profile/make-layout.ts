import { quantileEdges } from "../drift/bins.ts";
import { type ColumnProfile, presentCount } from "./column-profile.ts";
import { distinctCount, isWhole, valuesByCount } from "./distinct-values.ts";
import type { Category, ColumnLayout, Layout, ValueType } from "./layout.ts";
import type { RowSample } from "./row-sample.ts";
import type { TableProfile } from "./table-profile.ts";

/** Quantiles of the baseline that cut numbers into bins; every fourth is a decile. */
const parts = 40;
/** A column of at most so many distinct numbers is one of categories: codes, flags, classes. */
const mostCodes = 10;
const mostCategories = 256;

/** What a profile that was taken openly fixes for those to come. */
export function makeLayout({ columns, sample }: TableProfile): Layout {
  return Object.fromEntries(
    [...columns].map(([name, profile]) => [name, makeColumnLayout(profile, columnOf(sample, name))]),
  );
}

function columnOf({ columns, rows }: RowSample, name: string): unknown[] {
  const place = columns.indexOf(name);
  return rows.map(({ values }) => values[place]);
}

function makeColumnLayout(profile: ColumnProfile, sampled: readonly unknown[]): ColumnLayout {
  const { moments, texts, booleans, distinct } = profile;
  const codes = isWhole(distinct) && distinctCount(distinct) <= mostCodes;
  const kind = texts + booleans > moments.count || (codes && presentCount(profile) > 0) ? "category" : "number";
  const has: [ValueType, number][] = [
    ["number", moments.count + profile.infinite],
    ["string", texts],
    ["boolean", booleans],
  ];
  const numbers = sampled.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  return {
    kind,
    edges: kind === "number" ? quantileEdges(Float64Array.from(numbers).sort(), parts) : [],
    categories: kind === "category" ? categoriesOf(profile, sampled) : [],
    complete: kind === "category" && isWhole(distinct),
    types: has.filter(([, count]) => count > 0).map(([type]) => type),
    range: moments.count === 0 ? null : [moments.min, moments.max],
  };
}

/** All distinct values where they are few; else the most frequent of the sample. */
function categoriesOf({ distinct }: ColumnProfile, sampled: readonly unknown[]): Category[] {
  if (isWhole(distinct)) return valuesByCount(distinct).map(({ value }) => value);
  const counts = new Map<Category, number>();
  for (const value of sampled)
    if (
      typeof value === "string" ||
      typeof value === "boolean" ||
      (typeof value === "number" && Number.isFinite(value))
    )
      counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1))
    .slice(0, mostCategories)
    .map(([value]) => value);
}
