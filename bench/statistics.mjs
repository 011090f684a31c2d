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

/** The mean, with its interval of 95 %, of 10 to 20 values. */
export function meanWithInterval(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  // Student's t for 9 to 19 degrees of freedom lies between 2.26 and 2.09; the wider one is taken
  const half = (2.26 * deviation) / Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half };
}
