import { countFrom, decileCounts, equalWidthEdges, meanOverDeciles, rangeOf, sharesOf } from "../bins.ts";
import type { DriftTest, Samples } from "../drift-test.ts";
import { evidentlyCounts } from "./evidently-bins.ts";

/** Σ (q − p) ln(q / p) over shares that are all above zero. */
const stabilityIndex = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, share, i) => sum + ((q[i] ?? 0) - share) * Math.log((q[i] ?? 0) / share), 0);

/** Where no value is, 0.0001 stands in for a share of zero: the logarithm needs one. */
const floored = (shares: readonly number[]) => shares.map((share) => (share === 0 ? 1e-4 : share));

export const decilePsi: DriftTest = {
  name: "psi:decile",
  definition:
    "Population stability index over the deciles of the baseline, or categories; an empty share counts as 0.0001",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = decileCounts(samples);
    return { value: stabilityIndex(floored(sharesOf(baseline)), floored(sharesOf(current))), pValue: null };
  },
};

/** Evidently puts a millionth of the smallest share, at most 0.0001, in place of zero. */
function evidentlyFloored(shares: readonly number[]): number[] {
  const smallest = Math.min(...shares.filter((share) => share !== 0));
  const floor = smallest <= 1e-4 ? smallest / 1e6 : 1e-4;
  return shares.map((share) => (share === 0 ? floor : share));
}

export const evidentlyPsi: DriftTest = {
  name: "psi:evidently",
  definition:
    "Population stability index as Evidently 0.7 computes it: Sturges' bins over both samples where the baseline has more than 20 distinct values, else its values; an empty share counts as 0.0001 or less",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = evidentlyCounts(samples);
    const value = stabilityIndex(evidentlyFloored(sharesOf(baseline)), evidentlyFloored(sharesOf(current)));
    return { value, pValue: null };
  },
};

/** Azure ML's monitoring component cuts the common range into ⌈log2(smaller sample) + 1⌉ bins of equal width. */
function azureCounts(samples: Samples) {
  if (samples.kind === "category") return samples;
  const { baseline, current } = samples;
  const [low, high] = rangeOf(baseline, current);
  if (low === high) return { baseline: [baseline.length], current: [current.length] };
  const bins = Math.ceil(Math.log2(Math.min(baseline.length, current.length)) + 1);
  const edges = equalWidthEdges(low, high, bins);
  return { baseline: countFrom(baseline, edges), current: countFrom(current, edges) };
}

export const azurePsi: DriftTest = {
  name: "psi:azure",
  definition:
    "Population stability index as Azure ML's monitoring component computes it: bins of equal width over both samples; one is added to each count, and shares are of the counts before",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = azureCounts(samples);
    const smoothed = (counts: readonly number[]) => {
      const before = counts.reduce((sum, count) => sum + count, 0);
      return counts.map((count) => (count + 1) / before);
    };
    return { value: stabilityIndex(smoothed(baseline), smoothed(current)), pValue: null };
  },
};

export const cumulativePsi: DriftTest = {
  name: "psi:cumulative",
  definition:
    "Mean, over the deciles of the baseline, of the population stability index of the shares below and above; an empty share counts as 0.0001",
  kinds: ["number"],
  compare(samples) {
    return { value: meanOverDeciles(samples, (p, q) => stabilityIndex(floored(p), floored(q))), pValue: null };
  },
};
