import { type ColumnProfile, otherCount, presentCount } from "../profile/column-profile.ts";
import { valuesByCount } from "../profile/distinct-values.ts";
import type { ColumnLayout, ValueType } from "../profile/layout.ts";
import { contingency, fisherExact } from "./tests/chi-square.ts";

export const signalKinds = [
  "missing",
  "unseen-category",
  "type-error",
  "out-of-range",
  "infinite",
  "constant",
] as const;

/** Something about the values of a window that no comparison of distributions tells. */
export interface Signal {
  kind: (typeof signalKinds)[number];
  /** Rows it is true of. */
  count: number;
  share: number;
  /** The share that the baseline leads to expect. */
  baselineShare: number;
  /** Values that show it, as text. */
  examples: string[];
}

export interface SignalInput {
  layout: ColumnLayout;
  baseline: ColumnProfile;
  /** Rows of the baseline's table. */
  baselineRows: number;
  current: ColumnProfile;
  /** Rows of the window's table; a row without the column is one that lacks its value. */
  currentRows: number;
}

/** One in a thousand: a signal is always on, for each column and window. */
const significant = 0.001;
/** A change of the share of missing values below this is not told, however sure it is. */
const leastMissing = 0.01;

/** How likely shares this far apart are by chance: `a` of `n` and `b` of `m`. */
const chance = (a: number, n: number, b: number, m: number): number =>
  a + b <= 2000 ? fisherExact(a, n, b, m) : (contingency({ baseline: [a, n - a], current: [b, m - b] }).pValue ?? 1);

const grown = (a: number, n: number, b: number, m: number): boolean =>
  m > 0 && n > 0 && b / m > a / n && chance(a, n, b, m) < significant;

/** Every signal of a column, most rows first. A window without rows has none. */
export function signalsOf(input: SignalInput): Signal[] {
  if (input.currentRows === 0 || input.baselineRows === 0) return [];
  const found = [missing, unseen, typeErrors, outOfRange, infinite, constant].flatMap((look) => look(input) ?? []);
  return found.sort((a, b) => b.count - a.count);
}

const examplesOf = (profile: ColumnProfile, take: (value: unknown) => boolean = () => true): string[] =>
  valuesByCount(profile.distinct)
    .filter(({ value }) => take(value))
    .slice(0, 3)
    .map(({ value }) => String(value));

function missing({ baseline, baselineRows, current, currentRows }: SignalInput): Signal | null {
  const before = baseline.missing + baselineRows - baseline.rows;
  const count = current.missing + currentRows - current.rows;
  const [share, baselineShare] = [count / currentRows, before / baselineRows];
  if (Math.abs(share - baselineShare) < leastMissing) return null;
  if (chance(before, baselineRows, count, currentRows) >= significant) return null;
  return { kind: "missing", count, share, baselineShare, examples: [] };
}

/** A baseline leads to expect new values as often as it has values that came once (Good and Turing). */
function unseen({ layout, baseline, current }: SignalInput): Signal | null {
  if (layout.kind !== "category" || !layout.complete) return null;
  const count = otherCount(current);
  const [n, m] = [presentCount(baseline), presentCount(current)];
  const once = baseline.known.reduce((sum, times) => sum + (times === 1 ? 1 : 0), 0);
  if (!grown(once, n, count, m)) return null;
  return { kind: "unseen-category", count, share: count / m, baselineShare: once / n, examples: examplesOf(current) };
}

function typeErrors({ layout, current, currentRows }: SignalInput): Signal | null {
  if (layout.types.length === 0) return null;
  const counts: [ValueType, number][] = [
    ["number", current.moments.count + current.infinite],
    ["string", current.texts],
    ["boolean", current.booleans],
  ];
  const wrong = counts.filter(([type, count]) => count > 0 && !layout.types.includes(type));
  const count = wrong.reduce((sum, [, times]) => sum + times, 0);
  if (count === 0) return null;
  const examples = examplesOf(current, (value) => wrong.some(([type]) => type === typeof value));
  return { kind: "type-error", count, share: count / currentRows, baselineShare: 0, examples };
}

/** Of n values of one distribution the next is below or above all with probability 2 / (n + 1). */
function outOfRange({ layout, baseline, current }: SignalInput): Signal | null {
  if (layout.kind !== "number" || layout.range === null) return null;
  const count = current.below + current.above;
  const [n, m] = [baseline.moments.count, current.moments.count];
  if (!grown(Math.min(2, n), n, count, m)) return null;
  const [low, high] = layout.range;
  const examples = [
    ...(current.below > 0 ? [`${current.moments.min} < ${low}`] : []),
    ...(current.above > 0 ? [`${current.moments.max} > ${high}`] : []),
  ];
  return { kind: "out-of-range", count, share: count / m, baselineShare: Math.min(2, n) / n, examples };
}

function infinite({ baseline, baselineRows, current, currentRows }: SignalInput): Signal | null {
  const { infinite: count } = current;
  if (count === 0) return null;
  if (baseline.infinite > 0 && !grown(baseline.infinite, baselineRows, count, currentRows)) return null;
  return {
    kind: "infinite",
    count,
    share: count / currentRows,
    baselineShare: baseline.infinite / baselineRows,
    examples: [],
  };
}

/** One value only, where the baseline says that so many equal ones are next to impossible. */
function constant({ layout, baseline, current }: SignalInput): Signal | null {
  const m = presentCount(current);
  const n = presentCount(baseline);
  if (m < 2 || n === 0) return null;
  const numbers = layout.kind === "number";
  const used = [...current.known.keys()].filter((i) => (current.known[i] as number) > 0);
  const values = used.length + current.distinct.values.size;
  const one = numbers ? current.moments.count === m && current.moments.min === current.moments.max : values === 1;
  if (!one) return null;
  const share = Math.max(...(numbers ? baseline.bins : baseline.known), 1) / n;
  if (share >= 1 || share ** m >= significant) return null;
  const example = numbers ? current.moments.min : (layout.categories[used[0] ?? -1] ?? examplesOf(current)[0]);
  return { kind: "constant", count: m, share: 1, baselineShare: share, examples: [String(example)] };
}
