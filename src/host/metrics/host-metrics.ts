import type { SeenState } from "../../contract/host.ts";
import { exposition, type Family, type Labels } from "./exposition.ts";
import type { Counted, Metrics } from "./metrics.ts";

export interface HostMetricsPorts {
  metrics: Metrics;
  seen(): SeenState;
  /** Requests of a revision that wait, and that its workers have. Undefined when it does not run. */
  load(service: string, revision: number): { waiting: number; running: number } | undefined;
}

/** All that is counted of the services that `shows` lets pass, and of the host as a whole. */
export function hostMetrics({ metrics, seen, load }: HostMetricsPorts, shows: (service: string) => boolean): string {
  const { services, dropped, startedAt } = seen();
  const counted = [...metrics.counted()].filter(({ service }) => shows(service));
  const live = services
    .filter(({ name }) => shows(name))
    .flatMap(({ name, revisions }) => revisions.map((revision) => ({ service: name, ...revision })));
  const own = [
    single("process_start_time_seconds", "gauge", "When the host started, seconds since 1970.", startedAt / 1000),
    ...processMetrics(),
  ];
  const records: Family = {
    name: "modelyard_records_dropped_total",
    help: "Records that could not be kept, by reason, of all services.",
    type: "counter",
    samples: Object.entries(dropped).map(([reason, value]) => ({ labels: { reason }, value })),
  };
  return exposition([...requestFamilies(counted), ...liveFamilies(live, load), records, ...own]);
}

const labelsOf = ({ service, revision }: Pick<Counted, "service" | "revision">): Labels => ({ service, revision });

function requestFamilies(counted: readonly Counted[]): Family[] {
  return [
    {
      name: "modelyard_requests_total",
      help: "Scoring requests by HTTP status; revision 0: no revision took it.",
      type: "counter",
      samples: counted.flatMap((one) =>
        [...one.statuses].map(([code, value]) => ({ labels: { ...labelsOf(one), code }, value })),
      ),
    },
    {
      name: "modelyard_request_duration_seconds",
      help: "Time from the arrival of a request to its answer.",
      type: "histogram",
      samples: counted.map((one) => ({ labels: labelsOf(one), histogram: one.latency })),
    },
    {
      name: "modelyard_batch_requests",
      help: "Requests that one call of the model answered.",
      type: "histogram",
      samples: counted
        .filter(({ revision }) => revision > 0)
        .map((one) => ({ labels: labelsOf(one), histogram: one.batches })),
    },
    {
      name: "modelyard_mirrored_requests_total",
      help: "Copies of requests for a revision that mirrors: answered, failed, or left out as it was busy or not-ready.",
      type: "counter",
      samples: counted.flatMap((one) =>
        [...one.mirrored].map(([outcome, value]) => ({ labels: { ...labelsOf(one), outcome }, value })),
      ),
    },
    {
      name: "modelyard_records_total",
      help: "Requests that were handed to recording.",
      type: "counter",
      samples: counted.map((one) => ({ labels: labelsOf(one), value: one.records })),
    },
  ];
}

type Live = { service: string } & SeenState["services"][number]["revisions"][number];

function liveFamilies(live: readonly Live[], load: HostMetricsPorts["load"]): Family[] {
  const gauge = (name: string, help: string, read: (one: Live) => number | undefined): Family => ({
    name,
    help,
    type: name.endsWith("_total") ? "counter" : "gauge",
    samples: live.flatMap((one) => {
      const value = read(one);
      return value === undefined ? [] : [{ labels: { service: one.service, revision: one.number }, value }];
    }),
  });
  return [
    gauge(
      "modelyard_requests_waiting",
      "Requests that wait for a worker.",
      ({ service, number }) => load(service, number)?.waiting,
    ),
    gauge(
      "modelyard_requests_running",
      "Requests that workers have.",
      ({ service, number }) => load(service, number)?.running,
    ),
    gauge(
      "modelyard_workers_ready",
      "Workers that can answer.",
      ({ replicas }) => replicas.filter(({ state }) => state === "ready").length,
    ),
    gauge("modelyard_workers", "Workers that are wanted.", ({ replicas }) => replicas.length),
    gauge("modelyard_worker_restarts_total", "Workers that ended and were started again.", ({ replicas }) =>
      replicas.reduce((sum, { restarts }) => sum + restarts, 0),
    ),
    gauge("modelyard_traffic_share_percent", "Share of the service's traffic.", ({ share }) => share),
  ];
}

const single = (name: string, type: Family["type"], help: string, value: number): Family => ({
  name,
  type,
  help,
  samples: [{ labels: {}, value }],
});

function processMetrics(): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    single("process_cpu_seconds_total", "counter", "CPU time of the host, without its workers.", (user + system) / 1e6),
    single("process_resident_memory_bytes", "gauge", "Memory of the host, without its workers.", rss),
    single(
      "nodejs_heap_size_used_bytes",
      "gauge",
      "Of it, what is in use and what the next collection frees.",
      heapUsed,
    ),
  ];
}
