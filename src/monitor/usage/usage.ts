import { type LatencyHistogram, mergeLatencies, quantileMs } from "./latency-histogram.ts";

/** What is counted of some requests. Counts of several add up to those of all, so any span and any group can be told. */
export interface Usage {
  requests: number;
  /** Rows of the requests that were answered. */
  rows: number;
  /** Answers of status 400 and above by kind: `400 rows-invalid`, or `503` alone where no code is known. */
  errors: Record<string, number>;
  bytesIn: number;
  bytesOut: number;
  latencies: LatencyHistogram;
  /** Epoch ms of the first and the last request. */
  firstAt: number;
  lastAt: number;
}

export const noUsage = (): Usage => ({
  ...{ requests: 0, rows: 0, errors: {}, bytesIn: 0, bytesOut: 0 },
  ...{ latencies: new Map(), firstAt: Number.POSITIVE_INFINITY, lastAt: Number.NEGATIVE_INFINITY },
});

export function mergeUsage(into: Usage, other: Usage): void {
  into.requests += other.requests;
  into.rows += other.rows;
  into.bytesIn += other.bytesIn;
  into.bytesOut += other.bytesOut;
  for (const [kind, count] of Object.entries(other.errors)) into.errors[kind] = (into.errors[kind] ?? 0) + count;
  mergeLatencies(into.latencies, other.latencies);
  into.firstAt = Math.min(into.firstAt, other.firstAt);
  into.lastAt = Math.max(into.lastAt, other.lastAt);
}

/** The usage of a part of the time, as if requests had come evenly. */
export const partOf = (usage: Usage, share: number): Usage => ({
  ...usage,
  requests: usage.requests * share,
  rows: usage.rows * share,
  errors: Object.fromEntries(Object.entries(usage.errors).map(([kind, count]) => [kind, count * share])),
  bytesIn: usage.bytesIn * share,
  bytesOut: usage.bytesOut * share,
  latencies: new Map([...usage.latencies].map(([bucket, count]) => [bucket, count * share])),
});

/** How many errors there were; with a class, those of status 4xx or 5xx. */
export const countErrors = ({ errors }: Pick<Usage, "errors">, statusClass?: 4 | 5): number =>
  Object.entries(errors).reduce(
    (sum, [kind, count]) => sum + (statusClass === undefined || kind.startsWith(String(statusClass)) ? count : 0),
    0,
  );

/** Usage in the words of the contract: the part that a point in time has too. */
export const usagePoint = (usage: Usage) => ({
  requests: usage.requests,
  rows: usage.rows,
  errors: countErrors(usage),
  p50Ms: quantileMs(usage.latencies, 0.5),
  p95Ms: quantileMs(usage.latencies, 0.95),
  p99Ms: quantileMs(usage.latencies, 0.99),
});

/** Usage of at least one request in the words of the contract. */
export const usageTotals = (usage: Usage) => ({
  ...usagePoint(usage),
  errorKinds: Object.fromEntries(Object.entries(usage.errors).sort(([a], [b]) => (a < b ? -1 : 1))),
  bytesIn: usage.bytesIn,
  bytesOut: usage.bytesOut,
  firstUsedAt: usage.firstAt,
  lastUsedAt: usage.lastAt,
});
