import type { DecodedEntry, RecordConsumer } from "../collect/consumer.ts";
import { addLatency } from "./latency-histogram.ts";
import { addUsage, type UsageMinute } from "./rows.ts";

/** Counts requests, errors and latencies by minute; copies that a mirror answered are no use. */
export const countUsage: RecordConsumer = {
  async take(tx, batch) {
    for (const minute of usageOf(batch.filter(({ head }) => !head.mirrored))) await addUsage(tx, minute);
  },
};

function usageOf(entries: readonly DecodedEntry[]): UsageMinute[] {
  const minutes = new Map<string, UsageMinute>();
  for (const { head } of entries) {
    const { service, revision, image, at } = head;
    const minute = Math.floor(at / 60_000);
    const key = JSON.stringify([service, revision, image, minute]);
    const usage = minutes.get(key) ?? {
      service,
      revision,
      image,
      minute,
      requests: 0,
      errors: 0,
      latencies: {},
      first_at: at,
      last_at: at,
    };
    usage.requests += 1;
    if (head.status >= 400) usage.errors += 1;
    addLatency(usage.latencies, head.durationMs);
    usage.first_at = Math.min(usage.first_at, at);
    usage.last_at = Math.max(usage.last_at, at);
    minutes.set(key, usage);
  }
  return [...minutes.values()];
}
