import { decileCounts, sharesOf } from "../bins.ts";
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
