/** The nearest-rank percentile of sorted numbers. */
export function percentile(sorted, percent) {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** The median of numbers in any order. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, smallest, largest and count. */
export function summary(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values), n: values.length };
}
