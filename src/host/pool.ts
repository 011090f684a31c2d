import { ModelyardError } from "../contract/errors.ts";
import { type BatchLimits, batchSize, type Work } from "./batch.ts";
import { type Deferred, deferred } from "./deferred.ts";
import type { Worker } from "./engines/python.ts";
import type { WorkerAnswer } from "./engines/worker-connection.ts";
import type { ScoreItemHead } from "./engines/worker-frames.ts";

/** One request in the pool. It is settled once: with its answer, at its deadline, or when its worker dies. */
interface Job {
  work: Work;
  answer: Deferred<WorkerAnswer>;
  timer: NodeJS.Timeout;
  settled: boolean;
  lane: Lane | undefined;
}

/** A ready worker and the frame it works on. */
interface Lane {
  worker: Worker;
  wantsHeaders: boolean;
  jobs: Job[];
  killTimer: NodeJS.Timeout | undefined;
}

export interface PoolOptions {
  service: string;
  limits: BatchLimits;
  /** Requests that may wait; the next one is refused. */
  queueLimit: number;
  /** How long a worker may take to answer after it was told that a request is over its time. */
  recoverMs: number;
  /** Called when nothing waits and nothing runs any more. */
  onIdle: () => void;
}

/** The requests of one revision: those that wait, and those its workers have in hand. */
export interface Pool {
  /**
   * Resolves with the worker's answer. Errors: queue-full at once, scoring-timeout after `remainingMs`, worker-died,
   * or what `refuseAll` was given.
   */
  submit(work: Work, timeoutMs: number, remainingMs: number): Promise<WorkerAnswer>;
  attach(worker: Worker, wantsHeaders: boolean): void;
  /** The worker is gone; what it had in hand has failed by itself. */
  detach(worker: Worker): void;
  refuseAll(error: ModelyardError): void;
  isIdle(): boolean;
}

/** Everything that waits when a worker is free goes to it as one frame, as far as `limits` allow. */
export function makePool(options: PoolOptions): Pool {
  const waiting: Job[] = [];
  const lanes = new Set<Lane>();
  let pumpPlanned = false;

  const isIdle = () => waiting.length === 0 && [...lanes].every((lane) => lane.jobs.length === 0);
  const settle = (job: Job, outcome: WorkerAnswer | ModelyardError) => {
    if (job.settled) return;
    job.settled = true;
    clearTimeout(job.timer);
    if (outcome instanceof ModelyardError) job.answer.reject(outcome);
    else job.answer.resolve(outcome);
  };
  const pump = () => {
    pumpPlanned = false;
    for (const lane of lanes) {
      if (waiting.length === 0) break;
      if (lane.jobs.length === 0) void run(lane, waiting.splice(0, batchSize(waiting, options.limits)));
    }
    if (isIdle()) options.onIdle();
  };
  // what arrives in the same turn of the event loop goes into the same frame
  const planPump = () => {
    if (!pumpPlanned) setImmediate(pump);
    pumpPlanned = true;
  };
  const run = async (lane: Lane, jobs: Job[]) => {
    lane.jobs = jobs;
    for (const job of jobs) job.lane = lane;
    try {
      const answers = await lane.worker.score(
        jobs.map((job) => itemHead(job.work, lane.wantsHeaders)),
        jobs.map((job) => job.work.body),
      );
      jobs.forEach((job, index) => {
        const answer = answers[index];
        if (answer?.head.id !== job.work.id) throw new Error("the answers are not those of the frame");
        settle(job, answer);
      });
    } catch (error) {
      lanes.delete(lane);
      lane.worker.kill((error as Error).message);
      for (const job of jobs) settle(job, new ModelyardError("worker-died", { service: options.service }));
    }
    clearTimeout(lane.killTimer);
    lane.killTimer = undefined;
    lane.jobs = [];
    planPump();
  };
  const expire = (job: Job, timeoutMs: number) => {
    settle(job, new ModelyardError("scoring-timeout", { service: options.service, timeoutMs }));
    const { lane } = job;
    if (lane === undefined) {
      waiting.splice(waiting.indexOf(job), 1);
      planPump();
    } else if (lane.killTimer === undefined && lane.jobs.includes(job)) {
      lane.worker.interrupt();
      lane.killTimer = setTimeout(() => lane.worker.kill("a request was over its time"), options.recoverMs);
    }
  };

  return {
    submit: (work, timeoutMs, remainingMs) => {
      if (waiting.length >= options.queueLimit) throw new ModelyardError("queue-full", { service: options.service });
      const job: Job = {
        work,
        answer: deferred(),
        timer: setTimeout(() => expire(job, timeoutMs), Math.max(0, remainingMs)),
        settled: false,
        lane: undefined,
      };
      waiting.push(job);
      planPump();
      return job.answer.promise;
    },
    attach: (worker, wantsHeaders) => {
      lanes.add({ worker, wantsHeaders, jobs: [], killTimer: undefined });
      planPump();
    },
    detach: (worker) => {
      for (const lane of lanes) if (lane.worker === worker) lanes.delete(lane);
      planPump();
    },
    refuseAll: (error) => {
      for (const job of waiting.splice(0)) settle(job, error);
    },
    isIdle,
  };
}

function itemHead({ id, input, body, headers }: Work, wantsHeaders: boolean): ScoreItemHead {
  return { ...input, id, size: body.length, ...(wantsHeaders ? { headers: headers() } : {}) };
}
