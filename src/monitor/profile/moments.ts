/** Count, least, greatest, mean and centred second moment (Σ (x − mean)²) of finite numbers. */
export interface Moments {
  count: number;
  min: number;
  max: number;
  mean: number;
  m2: number;
}

export const noMoments = (): Moments => ({
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  mean: 0,
  m2: 0,
});

/** The moments of the first `length` values, in two passes; sums are of distances from the first value, so that a constant stays one. */
export function momentsOf(values: Float64Array, length = values.length): Moments {
  const found = noMoments();
  if (length === 0) return found;
  const first = values[0] as number;
  let apart = 0;
  for (let i = 0; i < length; i += 1) {
    const value = values[i] as number;
    apart += value - first;
    if (value < found.min) found.min = value;
    if (value > found.max) found.max = value;
  }
  const mean = first + apart / length;
  for (let i = 0; i < length; i += 1) found.m2 += ((values[i] as number) - mean) ** 2;
  return { ...found, count: length, mean };
}

/** Adds one set of values to another (Chan, Golub and LeVeque 1979); which comes first makes no difference but rounding. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const apart = b.mean - a.mean;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    mean: a.mean + (apart * b.count) / count,
    m2: a.m2 + b.m2 + (apart * apart * a.count * b.count) / count,
  };
}

/** The standard deviation, with n − 1 in the denominator; null for fewer than two values. */
export const deviationOf = ({ count, m2 }: Moments): number | null =>
  count < 2 ? null : Math.sqrt(Math.max(0, m2) / (count - 1));
