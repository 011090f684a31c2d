import { type Histogram, makeHistogram, observe } from "./histogram.ts";

/** Seconds; from what a cached small model takes to what clients give up at. */
const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Requests answered by one call of a model. */
const batchBounds = [1, 2, 4, 8, 16, 32, 64];

/** What was counted of one revision of a service; revision 0 stands for requests that none took. */
export interface Counted {
  service: string;
  revision: number;
  /** Requests by HTTP status. */
  statuses: Map<number, number>;
  latency: Histogram;
  batches: Histogram;
  /** Calls that answered a request at least, and the rows they answered; a request that is no table is one. */
  executions: number;
  inferences: number;
  records: number;
  /** Copies it got as a mirror, by what became of them. */
  mirrored: Map<string, number>;
  /** The part of the latency that requests had which failed. */
  failedSeconds: number;
  /** When the last request came, ms since 1970; 0 before the first. */
  lastAt: number;
}

/** Counters of this process, for Prometheus: they begin at zero with every start. */
export interface Metrics {
  request(
    service: string,
    revision: number,
    answered: { at: number; status: number; seconds: number; recorded: boolean },
  ): void;
  batch(service: string, revision: number, requests: number): void;
  /** A call answered so many rows. */
  inferred(service: string, revision: number, rows: number): void;
  /** `outcome`: answered, failed, busy (left out), not-ready (left out). */
  mirrored(service: string, revision: number, outcome: string): void;
  counted(): Iterable<Counted>;
}

export function makeMetrics(): Metrics {
  const kept: Counted[] = [];
  // looked up twice: a key of both would be a text that is made for each request
  const byService = new Map<string, Map<number, Counted>>();
  const of = (service: string, revision: number): Counted => {
    const known = byService.get(service)?.get(revision);
    if (known !== undefined) return known;
    const counted = start(service, revision);
    kept.push(counted);
    byService.set(service, (byService.get(service) ?? new Map()).set(revision, counted));
    return counted;
  };
  return {
    request: (service, revision, { at, status, seconds, recorded }) => {
      const counted = of(service, revision);
      counted.statuses.set(status, (counted.statuses.get(status) ?? 0) + 1);
      observe(counted.latency, seconds);
      if (recorded) counted.records += 1;
      if (status >= 400) counted.failedSeconds += seconds;
      counted.lastAt = at;
    },
    batch: (service, revision, requests) => observe(of(service, revision).batches, requests),
    inferred: (service, revision, rows) => {
      const counted = of(service, revision);
      counted.executions += 1;
      counted.inferences += rows;
    },
    mirrored: (service, revision, outcome) => {
      const { mirrored } = of(service, revision);
      mirrored.set(outcome, (mirrored.get(outcome) ?? 0) + 1);
    },
    counted: () => kept,
  };
}

const start = (service: string, revision: number): Counted => ({
  service,
  revision,
  statuses: new Map(),
  latency: makeHistogram(latencyBounds),
  batches: makeHistogram(batchBounds),
  executions: 0,
  inferences: 0,
  records: 0,
  mirrored: new Map(),
  failedSeconds: 0,
  lastAt: 0,
});
