import { ModelyardError } from "../contract/errors.ts";
import type { SeenRevision, WantedRevision } from "../contract/host.ts";
import { canonicalJson } from "../kernel/hash.ts";
import { manyRequests, singleRequest, type Work } from "./batch.ts";
import { deferred } from "./deferred.ts";
import type { Worker } from "./engines/worker.ts";
import type { WorkerAnswer } from "./engines/worker-connection.ts";
import type { ReadyScript } from "./engines/worker-frames.ts";
import { makePool } from "./pool.ts";
import { type RestartPolicy, runReplica } from "./replica.ts";
import type { RevisionLog } from "./revision-log.ts";
import { makeUpstreamPool, type UpstreamPool } from "./upstream-pool.ts";

export interface RevisionPorts {
  launch(wanted: WantedRevision, log: RevisionLog): Worker;
  log: RevisionLog;
  policy: RestartPolicy;
  queueLimit: number;
  /** How long a worker may take to answer after SIGUSR1. */
  recoverMs: number;
  onChange(): void;
  /** Told how many requests a frame has that goes to a worker. */
  onFrame(requests: number): void;
  /** Told how many rows of a frame its worker answered, when it answered any. */
  onInferred(rows: number): void;
}

/** A revision that runs: its workers, its queue and what is known of their state. */
export interface Revision {
  wanted: WantedRevision;
  isReady(): boolean;
  /** What a worker found out of the entry script; null without one, and before any worker was ready. */
  readonly script: ReadyScript | null;
  /** Whether its model has parameters of a prediction; false before any worker was ready. */
  readonly takesParams: boolean;
  /** Whether its model reads documents, one text a row; false before any worker was ready. */
  readonly takesDocuments: boolean;
  seen(): SeenRevision;
  /** For requests that are passed on to a server as they are; null when workers answer. Errors as in upstream-pool.ts. */
  enter: UpstreamPool["enter"] | null;
  /** Requests that wait, and those its workers have. */
  load(): { waiting: number; running: number };
  /**
   * Sends one request to a worker; errors as in pool.ts. `elapsedMs` is the time since its arrival, `limitMs` what its client waits from
   * then on: the limit of the revision holds too.
   */
  score(work: Work, elapsedMs: number, limitMs?: number): Promise<WorkerAnswer>;
  /**
   * Finishes what waits and runs, for as long as a request may take or `limitMs`, then stops the workers.
   * Called again, it can only become quicker.
   */
  drain(limitMs?: number): Promise<void>;
}

/** Two wanted revisions with the same key are served by the same workers: what differs beside it is the host's own affair. */
export function workerKey(wanted: WantedRevision): string {
  return canonicalJson({ ...wanted, share: 0, timeoutMs: 0, maxQueueWaitMs: 0, sample: null, signature: null });
}

/** How long a server that somebody else starts may be there unnoticed, at most. */
const longestAbsenceMs = 5000;

export function startRevision(service: string, first: WantedRevision, ports: RevisionPorts): Revision {
  let state: { ever: boolean; draining: boolean; failed: string | null } = {
    ever: false,
    draining: false,
    failed: null,
  };
  let wanted = first;
  let ready = 0;
  let described: ReadyScript | null = null;
  let takesParams = false;
  let takesDocuments = false;
  const idle = deferred<void>();
  const become = (change: Partial<typeof state>) => {
    state = { ...state, ...change };
    ports.onChange();
  };
  const options = {
    service,
    revision: first.number,
    limits: first.script === null ? manyRequests : singleRequest,
    queueLimit: ports.queueLimit,
    recoverMs: ports.recoverMs,
    onIdle: () => {
      if (state.draining) idle.resolve();
    },
    onFrame: ports.onFrame,
    onInferred: ports.onInferred,
  };
  const upstream = first.upstream ? makeUpstreamPool(options) : null;
  const pool = upstream ?? makePool(options);
  // a server that somebody else starts comes when it comes; only a candidate is given up
  const isOthers = first.upstream?.url !== undefined;
  const onGivenUp = (reason: string) => {
    if (state.failed !== null || state.ever) return;
    become({ failed: reason });
    pool.refuseAll(new ModelyardError("no-replica", { service, reason: `revision ${wanted.number} is failed` }));
    // nothing of it may go on once it has failed
    for (const replica of replicas) void replica.stop();
  };
  const count = isOthers ? 1 : Math.max(1, first.replicas);
  const replicas = Array.from({ length: count }, () =>
    runReplica(
      {
        launch: () => ports.launch(wanted, ports.log),
        onReady: (worker, { script, frameRows, params = false, documents = false }) => {
          ready += 1;
          state.ever = true;
          described = script;
          takesParams = params;
          takesDocuments = documents;
          pool.attach(worker, script, frameRows);
        },
        onGone: (worker) => {
          ready -= 1;
          pool.detach(worker);
        },
        onChange: ports.onChange,
        everReady: () => state.ever || (isOthers && wanted.share > 0),
        onGivenUp,
      },
      isOthers ? { ...ports.policy, longestMs: Math.min(ports.policy.longestMs, longestAbsenceMs) } : ports.policy,
    ),
  );
  let drained: Promise<void> | undefined;
  const leave = async () => {
    become({ draining: true });
    await idle.promise;
    await Promise.all(replicas.map((replica) => replica.stop()));
    pool.refuseAll(new ModelyardError("no-replica", { service, reason: "the revision was stopped" }));
    await ports.log.flush();
  };
  const stateNow = (): SeenRevision["state"] => {
    if (state.draining) return "draining";
    if (state.failed !== null) return "failed";
    if (ready === replicas.length) return "ready";
    return state.ever ? "degraded" : "starting";
  };
  const reason = () => state.failed ?? replicas.map((replica) => replica.seen().reason).find((text) => text !== null);

  return {
    get wanted() {
      return wanted;
    },
    set wanted(next) {
      wanted = next;
    },
    isReady: () => ready > 0,
    get script() {
      return described;
    },
    get takesParams() {
      return takesParams;
    },
    get takesDocuments() {
      return takesDocuments;
    },
    load: pool.load,
    enter: upstream?.enter ?? null,
    seen: () => ({
      number: wanted.number,
      image: wanted.image,
      share: state.draining ? 0 : wanted.share,
      state: stateNow(),
      reason: reason() ?? null,
      logTail: state.failed === null ? [] : ports.log.tail(),
      replicas: replicas.map((replica) => replica.seen()),
    }),
    score: (work, elapsedMs, limitMs = wanted.timeoutMs) => {
      const times = limitMs < wanted.timeoutMs ? { ...wanted, timeoutMs: limitMs } : wanted;
      return pool.submit(work, times, elapsedMs);
    },
    drain: (limitMs = wanted.timeoutMs) => {
      if (pool.isIdle()) idle.resolve();
      const limit = setTimeout(idle.resolve, limitMs);
      void idle.promise.then(() => clearTimeout(limit));
      drained ??= leave();
      return drained;
    },
  };
}
