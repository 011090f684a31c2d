import { type Counts, countFrom, equalWidthEdges, rangeOf } from "../bins.ts";
import type { Samples } from "../drift-test.ts";

/** Bins as Evidently 0.7 makes them: Sturges' over both samples where the baseline has more than 20 distinct values, else its values. */
export function evidentlyCounts(samples: Samples): Counts {
  if (samples.kind === "category") return usedOnly(samples);
  const { baseline, current } = samples;
  const values = [...new Set(baseline)];
  if (values.length <= 20) return countValues(baseline, current);
  const [low, high] = rangeOf(baseline, current);
  // numpy.histogram_bin_edges(…, "sturges"): a width of range / (log2 n + 1) says how many bins.
  const width = (high - low) / (Math.log2(baseline.length + current.length) + 1);
  const edges = equalWidthEdges(low, high, Math.ceil((high - low) / width));
  return { baseline: countFrom(baseline, edges), current: countFrom(current, edges) };
}

function countValues(baseline: Float64Array, current: Float64Array): Counts {
  const keys = [...new Set([...baseline, ...current])];
  const place = new Map(keys.map((key, i) => [key, i]));
  const count = (values: Float64Array) => {
    const counts = new Array<number>(keys.length).fill(0);
    for (const value of values) counts[place.get(value) ?? 0] = (counts[place.get(value) ?? 0] ?? 0) + 1;
    return counts;
  };
  return { baseline: count(baseline), current: count(current) };
}

function usedOnly({ baseline, current }: Counts): Counts {
  const used = (_: number, i: number) => (baseline[i] ?? 0) + (current[i] ?? 0) > 0;
  return { baseline: baseline.filter(used), current: current.filter(used) };
}
