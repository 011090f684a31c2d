import type { Handler, OutputOf } from "../../contract/operations.ts";
import { sinceMs } from "../../kernel/time-spans.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";
import { type LatencyHistogram, mergeLatencies, quantileMs } from "./latency-histogram.ts";
import { selectUsage, type UsageMinute } from "./rows.ts";

type Item = OutputOf<"summariseUsage">["items"][number];

export const summariseUsage =
  ({
    db,
    clock,
    spool,
    ingest,
  }: Pick<MonitorPorts, "db" | "clock" | "spool"> & { ingest: Ingest }): Handler<"summariseUsage"> =>
  async ({ by, service, since }) => {
    await ingest.catchUp();
    const minutes = await selectUsage(db, since === undefined ? 0 : sinceMs(since, clock.now()), service);
    const groups = new Map<string, UsageMinute[]>();
    for (const minute of minutes)
      for (const key of by === "service" ? [minute.service] : minute.models)
        groups.set(key, [...(groups.get(key) ?? []), minute]);
    const items = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, group]) => summarise(by, key, group));
    return { items, nextPageToken: null, dropped: await spool.dropped() };
  };

function summarise(by: "service" | "model", key: string, minutes: readonly UsageMinute[]): Item {
  const latencies: LatencyHistogram = {};
  for (const minute of minutes) mergeLatencies(latencies, minute.latencies);
  const sum = (member: "requests" | "errors") => minutes.reduce((total, minute) => total + minute[member], 0);
  return {
    service: by === "service" ? key : null,
    model: by === "model" ? key : null,
    requests: sum("requests"),
    errors: sum("errors"),
    p50Ms: quantileMs(latencies, 0.5),
    p95Ms: quantileMs(latencies, 0.95),
    p99Ms: quantileMs(latencies, 0.99),
    firstUsedAt: Math.min(...minutes.map((minute) => minute.first_at)),
    lastUsedAt: Math.max(...minutes.map((minute) => minute.last_at)),
  };
}
