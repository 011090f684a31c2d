/** A bin as drift counts it: above < value ≤ upTo; null is open. */
export interface Bin {
  above: number | null;
  upTo: number | null;
  baseline: number;
  current: number;
}

/**
 * Bins of equal width between the first and the last inner edge, with what is below and above them at the ends, for a picture: the
 * baseline's own bins hold equal shares, so their widths differ. Within a bin values are taken as evenly spread. Shares stay shares.
 */
export function equalBins(bins: readonly Bin[], count = 18): Bin[] {
  const first = bins[0]?.upTo ?? null;
  const last = bins.at(-1)?.above ?? null;
  if (first === null || last === null || !(last > first)) return [...bins];
  const width = (last - first) / count;
  const inner = Array.from({ length: count }, (_, i) => ({
    above: first + i * width,
    upTo: i === count - 1 ? last : first + (i + 1) * width,
    ...{ baseline: 0, current: 0 },
  }));
  for (const { above, upTo, baseline, current } of bins.slice(1, -1)) {
    if (above === null || upTo === null) continue;
    for (const bin of inner) {
      const shared = Math.min(upTo, bin.upTo) - Math.max(above, bin.above);
      if (shared <= 0) continue;
      bin.baseline += (baseline * shared) / (upTo - above);
      bin.current += (current * shared) / (upTo - above);
    }
  }
  return [bins[0] as Bin, ...inner, bins.at(-1) as Bin];
}
