import type { DriftTest, Samples } from "../drift-test.ts";
import { exactKolmogorovTail, kolmogorovTail } from "../math/kolmogorov.ts";

/** The greatest distance between the two empirical distribution functions of non-empty ascending samples. */
function greatestDistance(a: Float64Array, b: Float64Array): number {
  let greatest = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    greatest = Math.max(greatest, Math.abs(i / a.length - j / b.length));
  }
  return greatest;
}

const numbers = (samples: Samples) => {
  if (samples.kind !== "number") throw new TypeError("Kolmogorov and Smirnov compare numbers");
  return samples;
};

export const exactKs: DriftTest = {
  name: "ks:exact",
  definition:
    "Two-sample Kolmogorov–Smirnov, two-sided; p from all orders of the values (scipy ks_2samp, method exact)",
  kinds: ["number"],
  compare(samples) {
    const { baseline, current } = numbers(samples);
    const value = greatestDistance(baseline, current);
    return { value, pValue: exactKolmogorovTail(baseline.length, current.length, value) };
  },
};

/** p of a distance between samples of `n` and `m` values, from Kolmogorov's limit; a little too great for small samples. */
export const limitP = (distance: number, n: number, m: number): number =>
  kolmogorovTail(distance * Math.sqrt((n * m) / (n + m)));

export const limitKs: DriftTest = {
  name: "ks:limit",
  definition: "Two-sample Kolmogorov–Smirnov, two-sided; p from Kolmogorov's limiting distribution (scipy kstwobign)",
  kinds: ["number"],
  compare(samples) {
    const { baseline, current } = numbers(samples);
    const value = greatestDistance(baseline, current);
    return { value, pValue: limitP(value, baseline.length, current.length) };
  },
};
