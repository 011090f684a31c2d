import { decileCounts, meanOverDeciles, sharesOf } from "../bins.ts";
import type { DriftTest } from "../drift-test.ts";

/** √(½ Σ (√p − √q)²): 0 for equal shares, 1 where nothing is common. */
const hellingerDistance = (p: readonly number[], q: readonly number[]): number =>
  Math.sqrt(p.reduce((sum, share, i) => sum + (Math.sqrt(share) - Math.sqrt(q[i] ?? 0)) ** 2, 0) / 2);

export const decileHellinger: DriftTest = {
  name: "hellinger:decile",
  definition: "Hellinger distance over the deciles of the baseline, or categories",
  kinds: ["number", "category"],
  compare(samples) {
    const { baseline, current } = decileCounts(samples);
    return { value: hellingerDistance(sharesOf(baseline), sharesOf(current)), pValue: null };
  },
};

export const cumulativeHellinger: DriftTest = {
  name: "hellinger:cumulative",
  definition:
    "Root of the mean, over the deciles of the baseline, of the squared Hellinger distance of the shares below and above",
  kinds: ["number"],
  compare(samples) {
    const value = Math.sqrt(meanOverDeciles(samples, (p, q) => hellingerDistance(p, q) ** 2));
    return { value, pValue: null };
  },
};
