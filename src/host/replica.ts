import type { SeenReplica } from "../contract/host.ts";
import type { Worker } from "./engines/worker.ts";
import type { ReadyHead } from "./engines/worker-frames.ts";

/** Milliseconds. `healthyMs` of readiness forgive the earlier deaths. */
export interface RestartPolicy {
  firstMs: number;
  longestMs: number;
  healthyMs: number;
  /** Attempts a revision has that never was ready, when its worker exits without saying why. */
  startAttempts: number;
  /** From `stop` to SIGKILL. */
  stopGraceMs: number;
}

export const restartPolicy: RestartPolicy = {
  firstMs: 250,
  longestMs: 30_000,
  healthyMs: 10_000,
  startAttempts: 3,
  stopGraceMs: 3_000,
};

export interface ReplicaPorts {
  launch(): Worker;
  onReady(worker: Worker, ready: ReadyHead): void;
  onGone(worker: Worker): void;
  onChange(): void;
  /** Whether any replica of the revision was ever ready: then it is worth trying for ever. */
  everReady(): boolean;
  /** The start failed for good. */
  onGivenUp(reason: string): void;
}

/** One place for a worker: starts it, starts it again with growing delays when it dies, and stops it. */
export interface Replica {
  seen(): SeenReplica;
  stop(): Promise<void>;
}

export function runReplica(ports: ReplicaPorts, policy: RestartPolicy): Replica {
  const seen: SeenReplica = { state: "starting", pid: null, restarts: 0, reason: null };
  let worker: Worker | undefined;
  let stopping = false;
  let wake = () => {};
  let delayMs = policy.firstMs;

  const become = (state: SeenReplica["state"], reason: string | null) => {
    seen.state = stopping ? "stopping" : state;
    seen.reason = reason;
    ports.onChange();
  };
  /** One life of a worker: the reason it ended and whether it is of use to try again. */
  const live = async (): Promise<{ reason: string; final: boolean }> => {
    worker = ports.launch();
    const current = worker;
    const outcome = await current.started;
    if (outcome.ready === null) {
      const grace = setTimeout(() => current.kill("it did not end after its failure"), policy.stopGraceMs);
      await current.ended;
      clearTimeout(grace);
      return outcome;
    }
    const readyAt = performance.now();
    if (!stopping) ports.onReady(current, outcome.ready);
    become("ready", null);
    const reason = await current.ended;
    ports.onGone(current);
    if (performance.now() - readyAt > policy.healthyMs) delayMs = policy.firstMs;
    return { reason, final: false };
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      delayMs = Math.min(delayMs * 2, policy.longestMs);
    });
  const run = async () => {
    for (let attempt = 1; !stopping; attempt += 1) {
      become("starting", seen.reason);
      const { reason, final } = await live();
      worker = undefined;
      if (stopping) return;
      if (!ports.everReady() && (final || attempt >= policy.startAttempts)) {
        become("failed", reason);
        ports.onGivenUp(reason);
        return;
      }
      become("backoff", reason);
      await pause();
      seen.restarts += 1;
    }
  };
  const running = run();

  return {
    seen: () => ({ ...seen, pid: worker?.pid ?? null }),
    stop: async () => {
      stopping = true;
      if (seen.state !== "failed") become("stopping", seen.reason);
      wake();
      await worker?.stop(policy.stopGraceMs);
      await running;
    },
  };
}
