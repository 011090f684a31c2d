import { type Metric, meanMetric, meanOf, sumOf, unknownMetric, withVariance } from "./metric.ts";

const positive = [0, Number.POSITIVE_INFINITY] as const;

/** What the labels say of a regression, named as scikit-learn names it. Rows whose label is 0 have no percentage error. */
export function regressionQuality(
  actual: readonly number[],
  predicted: readonly number[],
  weights: readonly number[],
): Metric[] {
  const errors = actual.map((truth, row) => (predicted[row] ?? Number.NaN) - truth);
  const ofShares = actual.flatMap((truth, row) => (truth === 0 ? [] : [row]));
  const shares = ofShares.map((row) => Math.abs((errors[row] ?? 0) / (actual[row] ?? 1)));
  const squares = errors.map((error) => error * error);
  return [
    meanMetric("mae", errors.map(Math.abs), weights, positive),
    rootMetric("rmse", squares, weights),
    meanMetric(
      "mape",
      shares,
      ofShares.map((row) => weights[row] ?? 0),
      positive,
    ),
    determination("r2", actual, squares, weights),
  ];
}

/** The root of a mean, with the roots of that mean's interval. */
function rootMetric(name: string, squares: readonly number[], weights: readonly number[]): Metric {
  const { value, low, high } = meanMetric(name, squares, weights, positive);
  const root = (square: number | null) => (square === null ? null : Math.sqrt(square));
  return { name, value: root(value), low: root(low), high: root(high) };
}

/**
 * R² = 1 - A/V, A the mean squared error, V the variance of the labels; a row's influence on it is
 * (A ((y-ȳ)² - V)/V - (e² - A)) / V. Labels that are all the same have none.
 */
function determination(
  name: string,
  actual: readonly number[],
  squares: readonly number[],
  weights: readonly number[],
): Metric {
  const centre = meanOf(actual, weights).mean;
  const spreads = actual.map((truth) => (truth - centre) ** 2);
  const [error, spread] = [meanOf(squares, weights).mean, meanOf(spreads, weights).mean];
  if (!(spread > 0)) return unknownMetric(name);
  const influences = squares.map(
    (square, row) => ((error * ((spreads[row] ?? 0) - spread)) / spread - (square - error)) / spread,
  );
  const variance = sumOf(influences.map((one, row) => ((weights[row] ?? 0) * one) ** 2)) / sumOf(weights) ** 2;
  return withVariance(name, 1 - error / spread, variance, [Number.NEGATIVE_INFINITY, 1]);
}
