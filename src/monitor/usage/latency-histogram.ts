/**
 * Latencies in buckets that grow by 2 %, so that any quantile is within 1 % of the true one whatever the range
 * (DDSketch, Masson, Rim and Lee, VLDB 2019: relative error (γ-1)/(γ+1)). Histograms add up by adding counts.
 */
export type LatencyHistogram = Record<string, number>;

const gamma = 1.02;
const smallestMs = 0.001;

const bucketOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, smallestMs)) / Math.log(gamma));
const latencyOf = (bucket: number): number => (2 * gamma ** bucket) / (gamma + 1);

export function addLatency(histogram: LatencyHistogram, ms: number): void {
  const bucket = bucketOf(ms);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

export function mergeLatencies(into: LatencyHistogram, other: LatencyHistogram): void {
  for (const [bucket, count] of Object.entries(other)) into[bucket] = (into[bucket] ?? 0) + count;
}

/** The quantile in milliseconds (nearest rank), or null of nothing. `share` 0.5 is the median. */
export function quantileMs(histogram: LatencyHistogram, share: number): number | null {
  const buckets = Object.entries(histogram).map(([bucket, count]) => [Number(bucket), count] as const);
  buckets.sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.max(1, Math.ceil(share * total));
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 0) return latencyOf(bucket);
  }
  return null;
}
