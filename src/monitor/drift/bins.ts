import type { Samples } from "./drift-test.ts";

export interface Counts {
  baseline: readonly number[];
  current: readonly number[];
}

/** The quantile of ascending values by linear interpolation (numpy's default). */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  const fraction = place - below;
  // As numpy does: from the nearer end.
  return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
}

/** The inner edges that cut ascending values into `parts` equal shares; fewer where values repeat. */
export function quantileEdges(sorted: Float64Array, parts: number): number[] {
  const edges: number[] = [];
  for (let part = 1; part < parts; part += 1) {
    const edge = quantile(sorted, part / parts);
    if (edges.length === 0 || edge > (edges.at(-1) ?? 0)) edges.push(edge);
  }
  return edges;
}

/** How many of ascending values are in each bin; bin i holds edge i−1 < x ≤ edge i, the first and the last are open. */
function countUpTo(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value > (edges[bin] ?? 0)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** How many of ascending values are in each bin edge i ≤ x < edge i+1; the last bin holds its upper edge and all above (numpy.histogram). */
export function countFrom(sorted: Float64Array, edges: readonly number[]): number[] {
  const last = edges.length - 2;
  const counts = new Array<number>(last + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < last && value >= (edges[bin + 1] ?? 0)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Counts by the deciles of the baseline; of categories, their counts. */
export function decileCounts(samples: Samples): Counts {
  if (samples.kind === "category") return samples;
  const edges = quantileEdges(samples.baseline, 10);
  return { baseline: countUpTo(samples.baseline, edges), current: countUpTo(samples.current, edges) };
}

/**
 * The mean of a divergence of two shares each, below and above, over the deciles of the baseline. Bins by themselves do not know that they
 * are in order, and a shift is spread over all of them; each cut sees all that moved over it.
 */
export function meanOverDeciles(
  samples: Samples,
  divergence: (baseline: readonly number[], current: readonly number[]) => number,
): number {
  if (samples.kind !== "number") throw new TypeError("Categories are in no order");
  const { baseline, current } = decileCounts(samples);
  let [before, now, sum] = [0, 0, 0];
  for (let cut = 0; cut < baseline.length - 1; cut += 1) {
    before += (baseline[cut] ?? 0) / samples.baseline.length;
    now += (current[cut] ?? 0) / samples.current.length;
    // Sums of shares end a rounding above 1.
    sum += divergence([before, Math.max(0, 1 - before)], [now, Math.max(0, 1 - now)]);
  }
  return sum / (baseline.length - 1);
}

/** Lowest and highest of two non-empty ascending samples. */
export const rangeOf = (a: Float64Array, b: Float64Array): [number, number] => [
  Math.min(a[0] ?? 0, b[0] ?? 0),
  Math.max(a.at(-1) ?? 0, b.at(-1) ?? 0),
];

/** `count` bins of equal width between two numbers, as numpy.linspace cuts them. */
export function equalWidthEdges(low: number, high: number, count: number): number[] {
  const step = (high - low) / count;
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * step));
}

/** Shares of a sample that add up to 1. */
export function sharesOf(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  return counts.map((count) => count / sum);
}
