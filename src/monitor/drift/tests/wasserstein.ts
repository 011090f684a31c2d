import { quantile } from "../bins.ts";
import type { DriftTest, Samples } from "../drift-test.ts";

/** The area between the empirical distribution functions of non-empty ascending samples, in units of the column (scipy wasserstein_distance). */
function area(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  let before = Math.min(a[0] ?? 0, b[0] ?? 0);
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(i / a.length - j / b.length) * (value - before);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    before = value;
  }
  return sum;
}

/** The standard deviation with `n − lost` in the denominator, in two passes. */
function deviation(values: Float64Array, lost: 0 | 1): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - lost));
}

/**
 * How wide ascending values lie, in the way outliers cannot move: the range between the quartiles over 1.349, which is the standard
 * deviation of a normal distribution. The standard deviation itself where the quartiles are equal.
 */
function spread(sorted: Float64Array): number {
  const quartiles = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.349;
  return quartiles > 0 ? quartiles : deviation(sorted, 0);
}

const numbers = (samples: Samples) => {
  if (samples.kind !== "number") throw new TypeError("Wasserstein's distance compares numbers");
  return samples;
};

const defined = (name: string, definition: string, unit: (baseline: Float64Array) => number): DriftTest => ({
  name: `wasserstein:${name}`,
  definition,
  kinds: ["number"],
  compare(samples) {
    const { baseline, current } = numbers(samples);
    const distance = area(baseline, current);
    return { value: distance === 0 ? 0 : distance / unit(baseline), pValue: null };
  },
});

export const rawWasserstein = defined(
  "raw",
  "First Wasserstein distance in units of the column (scipy wasserstein_distance)",
  () => 1,
);

export const evidentlyWasserstein = defined(
  "evidently",
  "First Wasserstein distance over the standard deviation of the baseline (n in the denominator), at least 0.001, as Evidently 0.7",
  (baseline) => Math.max(deviation(baseline, 0), 0.001),
);

export const azureWasserstein = defined(
  "azure",
  "First Wasserstein distance over the standard deviation of the baseline (n − 1 in the denominator), at least 0.001, as Azure ML",
  (baseline) => Math.max(baseline.length > 1 ? deviation(baseline, 1) : 0, 0.001),
);

export const spreadWasserstein = defined(
  "spread",
  "First Wasserstein distance over the spread of the baseline: interquartile range / 1.349, or the standard deviation where the quartiles are equal; infinite for a constant that changed",
  spread,
);
