import type { DriftReport } from "../../contract/drift.ts";
import { type ColumnProfile, presentCount } from "../profile/column-profile.ts";
import { valuesByCount } from "../profile/distinct-values.ts";
import type { ColumnLayout } from "../profile/layout.ts";
import type { Side } from "../profile/rows.ts";

type Distribution = DriftReport["distributions"][number];

/** How the values of a column are spread in baseline and window: by the bins and categories in which both were counted. Shares add up to 1 over both lists. */
export function distributionOf(
  given: { side: Side; column: string; from: number; to: number },
  layout: ColumnLayout,
  baseline: ColumnProfile,
  current: ColumnProfile,
): Distribution {
  const isNumber = layout.kind === "number";
  const [n, m] = isNumber
    ? [baseline.moments.count, current.moments.count]
    : [presentCount(baseline), presentCount(current)];
  const counts = {
    ...{ kind: layout.kind, baselineRows: n, rows: m },
    bins: isNumber ? binsOf(layout.edges, baseline, current, n, m) : [],
    values: isNumber ? [] : valuesOf(layout, baseline, current, n, m),
  };
  return { ...given, ...counts };
}

const share = (count: number | undefined, all: number): number => (all === 0 ? 0 : (count ?? 0) / all);

function binsOf(
  edges: readonly number[],
  baseline: ColumnProfile,
  current: ColumnProfile,
  n: number,
  m: number,
): Distribution["bins"] {
  return Array.from({ length: edges.length + 1 }, (_, i) => ({
    above: edges[i - 1] ?? null,
    upTo: edges[i] ?? null,
    baseline: share(baseline.bins[i], n),
    current: share(current.bins[i], m),
  }));
}

/** The baseline's categories, then the most frequent of the others that are known by name, then all that are left as one without a name. */
function valuesOf(
  { categories }: ColumnLayout,
  baseline: ColumnProfile,
  current: ColumnProfile,
  n: number,
  m: number,
): Distribution["values"] {
  const known = categories.map((value, i) => ({
    value: String(value),
    baseline: share(baseline.known[i], n),
    current: share(current.known[i], m),
  }));
  const before = new Map(valuesByCount(baseline.distinct).map(({ value, count }) => [value, count]));
  const unseen = valuesByCount(current.distinct).map(({ value, count }) => ({
    value: String(value),
    baseline: share(before.get(value), n),
    current: share(count, m),
  }));
  const named = [...known, ...unseen];
  const rest = {
    value: null,
    baseline: 1 - named.reduce((sum, { baseline }) => sum + baseline, 0),
    current: 1 - named.reduce((sum, { current }) => sum + current, 0),
  };
  const some = 1e-9;
  if ((n > 0 && rest.baseline > some) || (m > 0 && rest.current > some))
    return [...named, { ...rest, baseline: n === 0 ? 0 : rest.baseline, current: m === 0 ? 0 : rest.current }];
  return named;
}
