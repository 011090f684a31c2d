import { decileCounts, meanOverDeciles, sharesOf } from "../bins.ts";
import type { DriftTest } from "../drift-test.ts";
import { evidentlyCounts } from "./evidently-bins.ts";

/** The Jensen–Shannon distance of shares: the root of the divergence, with natural logarithms (scipy jensenshannon). */
function shannonDistance(p: readonly number[], q: readonly number[]): number {
  let divergence = 0;
  for (const [i, a] of p.entries()) {
    const b = q[i] ?? 0;
    const middle = (a + b) / 2;
    if (a > 0) divergence += a * Math.log(a / middle);
    if (b > 0) divergence += b * Math.log(b / middle);
  }
  return Math.sqrt(Math.max(0, divergence / 2));
}

/** The same with logarithms to base 2: between 0 and 1. */
export const shannonDistance2 = (p: readonly number[], q: readonly number[]): number =>
  shannonDistance(p, q) / Math.sqrt(Math.LN2);

export const base2Js: DriftTest = {
  name: "js:base2",
  definition: "Jensen–Shannon distance with logarithms to base 2, over the deciles of the baseline, or categories",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = decileCounts(samples);
    return { value: shannonDistance2(sharesOf(baseline), sharesOf(current)), pValue: null };
  },
};

export const evidentlyJs: DriftTest = {
  name: "js:evidently",
  definition:
    "Jensen–Shannon distance as Evidently 0.7 computes it: natural logarithms, over its bins (see psi:evidently)",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = evidentlyCounts(samples);
    return { value: shannonDistance(sharesOf(baseline), sharesOf(current)), pValue: null };
  },
};

export const cumulativeJs: DriftTest = {
  name: "js:cumulative",
  definition:
    "Root of the mean, over the deciles of the baseline, of the Jensen–Shannon divergence (base 2) of the shares below and above",
  kinds: ["number"],
  compare(samples) {
    const value = Math.sqrt(meanOverDeciles(samples, (p, q) => shannonDistance2(p, q) ** 2));
    return { value, pValue: null };
  },
};
