/** Counts of values by their size: `counts[i]` are those up to `bounds[i]` and above the bound before; the last are above all. */
export interface Histogram {
  bounds: readonly number[];
  counts: number[];
  sum: number;
}

export const makeHistogram = (bounds: readonly number[]): Histogram => ({
  bounds,
  counts: new Array<number>(bounds.length + 1).fill(0),
  sum: 0,
});

export function observe(histogram: Histogram, value: number): void {
  const { bounds, counts } = histogram;
  let place = 0;
  while (place < bounds.length && value > (bounds[place] as number)) place += 1;
  counts[place] = (counts[place] as number) + 1;
  histogram.sum += value;
}
