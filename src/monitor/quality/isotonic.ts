/** A rising step function, its values between the points that it was fitted on by straight lines; flat outside. */
export type Calibration = (score: number) => number;

/**
 * Isotonic regression by pooling adjacent violators (Barlow et al., 1972), as scikit-learn's IsotonicRegression(out_of_bounds="clip")
 * does it: `outcomes` are 0 or 1, equal scores are one point.
 */
export function fitIsotonic(
  scores: readonly number[],
  outcomes: readonly number[],
  weights: readonly number[],
): Calibration {
  const blocks: { low: number; high: number; sum: number; count: number }[] = [];
  for (const { score, sum, count } of pointsOf(scores, outcomes, weights)) {
    let block = { low: score, high: score, sum, count };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum * block.count < block.sum * last.count) break;
      block = { low: last.low, high: block.high, sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const knots = blocks.flatMap(({ low, high, sum, count }) =>
    low === high
      ? [[low, sum / count]]
      : [
          [low, sum / count],
          [high, sum / count],
        ],
  ) as [number, number][];
  return (score) => interpolate(knots, score);
}

function pointsOf(scores: readonly number[], outcomes: readonly number[], weights: readonly number[]) {
  const points = new Map<number, { score: number; sum: number; count: number }>();
  for (const [row, score] of scores.entries()) {
    const point = points.get(score) ?? { score, sum: 0, count: 0 };
    point.sum += (outcomes[row] ?? 0) * (weights[row] ?? 0);
    point.count += weights[row] ?? 0;
    points.set(score, point);
  }
  return [...points.values()].sort((a, b) => a.score - b.score);
}

function interpolate(knots: readonly [number, number][], score: number): number {
  let [low, high] = [0, knots.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((knots[middle] as [number, number])[0] < score) low = middle + 1;
    else high = middle;
  }
  const [x1, y1] = knots[low] ?? [0, score];
  const before = knots[low - 1];
  if (before === undefined || score >= x1) return y1;
  const [x0, y0] = before;
  return y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}
