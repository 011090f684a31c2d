/** A measure with its 95 % interval. Null when it cannot be told of these rows. */
export interface Metric {
  name: string;
  value: number | null;
  low: number | null;
  high: number | null;
}

/** The normal quantile of a two-sided 95 % interval. */
const z = 1.959963984540054;

export const unknownMetric = (name: string): Metric => ({ name, value: null, low: null, high: null });

/**
 * A share with Wilson's score interval (Wilson, JASA 22, 1927), which holds its 95 % also near 0 and 1. Of rows with weights `trials` is
 * how many rows of equal ones say as much (Kish, Survey Sampling, 1965), `successes` the share of them.
 */
export function share(name: string, successes: number, trials: number): Metric {
  if (trials === 0) return unknownMetric(name);
  const value = successes / trials;
  const middle = (successes + (z * z) / 2) / (trials + z * z);
  const half = (z / (trials + z * z)) * Math.sqrt((successes * (trials - successes)) / trials + (z * z) / 4);
  // at the ends exactly: middle - half is a rounding error away from 0
  return { name, value, low: successes === 0 ? 0 : middle - half, high: successes === trials ? 1 : middle + half };
}

/** A share of rows with weights: `hits` and `all` their sums, `squares` the sum of the squares of all. */
export function weightedShare(name: string, hits: number, all: number, squares: number): Metric {
  if (all === 0) return unknownMetric(name);
  const trials = (all * all) / squares;
  return share(name, hits === all ? trials : (hits / all) * trials, trials);
}

/** A measure with the normal interval of its variance, cut at the ends of its range. */
export function withVariance(
  name: string,
  value: number,
  variance: number,
  [least, most]: readonly [number, number],
): Metric {
  const half = z * Math.sqrt(Math.max(0, variance));
  return { name, value, low: Math.max(least, value - half), high: Math.min(most, value + half) };
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Weighted mean, and the variance of that mean; the second is NaN of fewer than two values. */
export function meanOf(values: readonly number[], weights: readonly number[]): { mean: number; variance: number } {
  const count = values.length;
  const all = sumOf(weights);
  const mean = values.reduce((sum, value, row) => sum + (weights[row] ?? 0) * value, 0) / all;
  const squares = values.reduce((sum, value, row) => sum + ((weights[row] ?? 0) * (value - mean)) ** 2, 0);
  return { mean, variance: (squares / all / all) * (count / (count - 1)) };
}

/** The mean of a value of each row, with its normal interval. */
export function meanMetric(
  name: string,
  values: readonly number[],
  weights: readonly number[],
  range: readonly [number, number],
): Metric {
  if (values.length === 0) return unknownMetric(name);
  const { mean, variance } = meanOf(values, weights);
  return values.length < 2 ? { ...unknownMetric(name), value: mean } : withVariance(name, mean, variance, range);
}
