/** Two samples of one column: what it was in the baseline, and what it is now. Missing and infinite values are left out before. */
export type Samples =
  /** Finite numbers, ascending. */
  | { kind: "number"; baseline: Float64Array; current: Float64Array }
  /** How often each category came; entry i of both is the same category. */
  | { kind: "category"; baseline: readonly number[]; current: readonly number[] };

export interface Outcome {
  value: number;
  /** How likely a value at least this far comes when both are of one distribution; null where the test gives only a distance. */
  pValue: number | null;
}

/**
 * One way to compare two samples. Published values of one test differ by how it is defined, so a name says test and definition:
 * `psi:decile`, `js:base2`.
 */
export interface DriftTest {
  name: string;
  /** What exactly it computes, in a sentence. */
  definition: string;
  kinds: readonly Samples["kind"][];
  /** Both samples have at least one value. */
  compare(samples: Samples): Outcome;
}

export interface NotEnoughData {
  state: "not-enough-data";
  baseline: number;
  current: number;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How many values both samples have. */
const sizesOf = (samples: Samples): { baseline: number; current: number } =>
  samples.kind === "number"
    ? { baseline: samples.baseline.length, current: samples.current.length }
    : { baseline: total(samples.baseline), current: total(samples.current) };

/** Runs a test, or says that one of the samples is smaller than `minimum`. */
export function runTest(test: DriftTest, samples: Samples, minimum = 1): Outcome | NotEnoughData {
  const { baseline, current } = sizesOf(samples);
  if (Math.min(baseline, current) < Math.max(1, minimum)) return { state: "not-enough-data", baseline, current };
  return test.compare(samples);
}
