/**
 * Latencies in buckets that grow by 2 %, so that any quantile is within 1 % of the true one whatever the range
 * (DDSketch, Masson, Rim and Lee, VLDB 2019: relative error (γ-1)/(γ+1)). Histograms add up by adding counts. Bucket → count.
 */
export type LatencyHistogram = Map<number, number>;

const gamma = 1.02;
const smallestMs = 0.001;

const bucketOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, smallestMs)) / Math.log(gamma));
const latencyOf = (bucket: number): number => (2 * gamma ** bucket) / (gamma + 1);
const lowestBucket = bucketOf(smallestMs);

export function addLatency(histogram: LatencyHistogram, ms: number): void {
  const bucket = bucketOf(ms);
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
}

export function mergeLatencies(into: LatencyHistogram, other: LatencyHistogram): void {
  for (const [bucket, count] of other) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

const inOrder = (histogram: LatencyHistogram): [number, number][] => [...histogram].sort(([a], [b]) => a - b);

/** The quantile in milliseconds (nearest rank), or null of nothing. `share` 0.5 is the median. */
export function quantileMs(histogram: LatencyHistogram, share: number): number | null {
  const buckets = inOrder(histogram);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.min(total, Math.max(1, Math.ceil(share * total)));
  for (const [bucket, count] of buckets) {
    left -= count;
    // Counts of a part of a slot are no whole numbers, and their sum is rounded.
    if (left <= 1e-9 * total) return latencyOf(bucket);
  }
  return null;
}

/** Steps between buckets and counts in turn, each as an unsigned LEB128 number: two or three bytes a bucket. */
export function encodeLatencies(histogram: LatencyHistogram): Uint8Array {
  const bytes: number[] = [];
  let before = lowestBucket;
  for (const [bucket, count] of inOrder(histogram)) {
    pushNumber(bytes, bucket - before);
    pushNumber(bytes, count);
    before = bucket;
  }
  return Uint8Array.from(bytes);
}

/** Also reads the JSON that was kept before. */
export function decodeLatencies(kept: Uint8Array | string): LatencyHistogram {
  if (typeof kept === "string")
    return new Map(
      Object.entries(JSON.parse(kept) as Record<string, number>).map(([bucket, n]) => [Number(bucket), n]),
    );
  const histogram: LatencyHistogram = new Map();
  let [place, bucket] = [0, lowestBucket];
  const next = () => {
    let [number, scale] = [0, 1];
    for (;;) {
      const byte = kept[place++] ?? 0;
      number += (byte & 0x7f) * scale;
      if (byte < 0x80) return number;
      scale *= 0x80;
    }
  };
  while (place < kept.length) {
    bucket += next();
    histogram.set(bucket, next());
  }
  return histogram;
}

function pushNumber(bytes: number[], number: number): void {
  let left = number;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
  bytes.push(left);
}
