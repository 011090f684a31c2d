import type { Counts } from "../bins.ts";
import type { DriftTest, Outcome } from "../drift-test.ts";
import { chiSquareTail, logGamma } from "../math/gamma.ts";

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/**
 * Puts categories together whose expected count is below 5 in one of the samples, rarest first, until none is left (Cochran's rule).
 * What is left comes most frequent first, then the pool. `rest` counts values of many rare categories: they belong to the pool.
 */
export function poolRare({ baseline, current }: Counts, rest = { baseline: 0, current: 0 }): Counts {
  const smaller = Math.min(sum(baseline) + rest.baseline, sum(current) + rest.current);
  const all = sum(baseline) + sum(current) + rest.baseline + rest.current;
  const cells = baseline
    .map((count, i) => ({ a: count, b: current[i] ?? 0, i }))
    .filter(({ a, b }) => a + b > 0)
    .sort((x, y) => y.a + y.b - (x.a + x.b) || x.i - y.i);
  const expected = (both: number) => (both * smaller) / all;
  const kept = cells.filter(({ a, b }) => expected(a + b) >= 5);
  const rare = cells.slice(kept.length);
  const pool = { a: sum(rare.map(({ a }) => a)) + rest.baseline, b: sum(rare.map(({ b }) => b)) + rest.current };
  if (pool.a + pool.b > 0) {
    // A pool that is still rare takes in the rarest of the others.
    while (expected(pool.a + pool.b) < 5 && kept.length > 1) {
      const next = kept.pop();
      pool.a += next?.a ?? 0;
      pool.b += next?.b ?? 0;
    }
    kept.push({ ...pool, i: -1 });
  }
  return { baseline: kept.map(({ a }) => a), current: kept.map(({ b }) => b) };
}

/** Pearson's statistic of a 2 × k table without empty columns, its degrees of freedom and p. One column says nothing: p = 1. */
export function contingency({ baseline, current }: Counts): Outcome & { freedom: number } {
  const [n, m] = [sum(baseline), sum(current)];
  let value = 0;
  for (const [i, a] of baseline.entries()) {
    const b = current[i] ?? 0;
    const expectedA = ((a + b) * n) / (n + m);
    const expectedB = ((a + b) * m) / (n + m);
    value += (a - expectedA) ** 2 / expectedA + (b - expectedB) ** 2 / expectedB;
  }
  const freedom = baseline.length - 1;
  return { value, freedom, pValue: freedom < 1 ? 1 : chiSquareTail(value, freedom) };
}

/**
 * Fisher's exact test, two-sided: the probability of all 2 × 2 tables with the same margins that are no likelier than this one.
 * `a` of `n` against `b` of `m`.
 */
export function fisherExact(a: number, n: number, b: number, m: number): number {
  const hits = a + b;
  const logChoose = (of: number, take: number) => logGamma(of + 1) - logGamma(take + 1) - logGamma(of - take + 1);
  const all = logChoose(n + m, hits);
  const probability = (x: number) => Math.exp(logChoose(n, x) + logChoose(m, hits - x) - all);
  // Tables as likely as this one count too; rounding must not leave them out (scipy's 1 + 1e-14, R's 1e-7).
  const limit = probability(a) * (1 + 1e-9);
  let p = 0;
  for (let x = Math.max(0, hits - m); x <= Math.min(n, hits); x += 1) {
    const likely = probability(x);
    if (likely <= limit) p += likely;
  }
  return Math.min(1, p);
}

export const pooledContingency: DriftTest = {
  name: "chi2:contingency",
  definition:
    "Pearson's chi-square of the 2 × k table of both samples without continuity correction (scipy chi2_contingency); categories expected fewer than 5 times are pooled; Fisher's exact test for 2 × 2 tables of at most 1,000 values",
  kinds: ["category"],
  compare(samples) {
    if (samples.kind !== "category") throw new TypeError("chi-square compares categories");
    return pooledP(poolRare(samples));
  },
};

/** The statistic and p of a table whose rare categories are pooled; see `chi2:contingency`. */
export function pooledP(pooled: Counts): Outcome {
  const { value, pValue } = contingency(pooled);
  const [n, m] = [sum(pooled.baseline), sum(pooled.current)];
  if (pooled.baseline.length !== 2 || n + m > 1000) return { value, pValue };
  return { value, pValue: fisherExact(pooled.baseline[0] ?? 0, n, pooled.current[0] ?? 0, m) };
}
