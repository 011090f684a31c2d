import { ModelyardError } from "../contract/errors.ts";
import type { WantedRevision } from "../contract/host.ts";
import { type BatchLimits, batchSize, listOfRequests, rowsOf, type Work } from "./batch.ts";
import { type Deferred, deferred } from "./deferred.ts";
import type { IncomingStream } from "./engines/piece-stream.ts";
import type { Worker } from "./engines/worker.ts";
import type { WorkerAnswer } from "./engines/worker-connection.ts";
import type { ReadyScript, ScoreItemHead, StreamHead } from "./engines/worker-frames.ts";
import { type FollowedStream, followStream } from "./followed-stream.ts";
import { makeStayAwake } from "./stay-awake.ts";

/** One request in the pool. It is settled once: with its answer, at its deadline, or when its worker dies. */
interface Job {
  work: Work;
  answer: Deferred<WorkerAnswer>;
  timer: NodeJS.Timeout;
  /** Sets the timer of its time limit when that of its wait ran until then. */
  begin: (() => void) | undefined;
  /** When its time is over, by performance.now(). */
  end: number;
  settled: boolean;
  lane: Lane | undefined;
  timeoutMs: number;
  /** Its answer comes in pieces: it is settled, and its worker is still at it. */
  stream: FollowedStream | undefined;
}

/** A ready worker and the frames it has: it works on the first. */
interface Lane {
  worker: Worker;
  wantsHeaders: boolean;
  limits: BatchLimits;
  frames: Job[][];
  /** Milliseconds its last frame took to run, as it says; infinite before the first. */
  runMs: number;
  /** Requests that it answered one after the other, with no other there meanwhile. */
  alone: number;
  killTimer: NodeJS.Timeout | undefined;
}

type Times = Pick<WantedRevision, "timeoutMs" | "maxQueueWaitMs">;

export interface PoolOptions {
  service: string;
  revision: number;
  limits: BatchLimits;
  /** Requests that may wait; the next one is refused. */
  queueLimit: number;
  /** How long a worker may take to answer after it was told that a request is over its time. */
  recoverMs: number;
  /** Called when nothing waits and nothing runs any more. */
  onIdle: () => void;
  /** Told how many requests a frame has that goes to a worker. */
  onFrame: (requests: number) => void;
  /** Told how many rows of a frame its worker answered, when it answered any. */
  onInferred: (rows: number) => void;
}

/**
 * For a client that was alone for so many requests and whose model took so many milliseconds for the last one, the host stays awake until the next
 * answer. Of several clients one is alone now and then, and who is awake makes frames of one request out of theirs.
 */
const fewAlone = 8;
const briefMs = 0.2;
const awakeMs = 0.3;

/**
 * A turn of the event loop takes what thousands of connections send while it lasts: of a host that refuses more than it answers it may take seconds, and
 * with one frame a turn next to nothing would be answered.
 */
const longTurnMs = 5;

/** The requests of one revision: those that wait, and those its workers have in hand. */
export interface Pool {
  /**
   * Resolves with the worker's answer. Errors: queue-full at once; queue-timeout, for one that waited too long for a worker;
   * scoring-timeout; worker-died; or what `refuseAll` was given. `elapsedMs` is the time since its arrival.
   */
  submit(work: Work, times: Times, elapsedMs: number): Promise<WorkerAnswer>;
  /** `rows` is how many rows its frames should have, when it has measured that. */
  attach(worker: Worker, script: ReadyScript | null, rows?: number): void;
  /** The worker is gone; what it had in hand has failed by itself. */
  detach(worker: Worker): void;
  refuseAll(error: ModelyardError): void;
  isIdle(): boolean;
  /** Requests that wait, and those workers have. */
  load(): { waiting: number; running: number };
}

/**
 * Everything that waits when a worker can take a frame goes to it as one, as far as `limits` allow: first to workers that have
 * nothing, then to those that will be done with what they have.
 */
export function makePool(options: PoolOptions): Pool {
  const waiting: Job[] = [];
  const lanes = new Set<Lane>();
  const stayAwake = makeStayAwake();
  let planned: NodeJS.Immediate | undefined;
  let plannedAt = 0;

  const isIdle = () => waiting.length === 0 && [...lanes].every((lane) => lane.frames.length === 0);
  const settle = (job: Job, outcome: WorkerAnswer | ModelyardError) => {
    if (job.settled) return;
    job.settled = true;
    clearTimeout(job.timer);
    if (outcome instanceof ModelyardError) job.answer.reject(outcome);
    else job.answer.resolve(outcome);
  };
  const pump = () => {
    clearImmediate(planned);
    planned = undefined;
    for (let depth = 0; depth < options.limits.frames; depth += 1)
      for (const lane of lanes)
        if (waiting.length > 0 && lane.frames.length === depth && (depth === 0 || takesAhead(lane))) fill(lane);
    if (isIdle()) options.onIdle();
  };
  const takesAhead = ({ limits, runMs }: Lane) =>
    limits.quickMs === Number.POSITIVE_INFINITY || (lanes.size === 1 && runMs <= limits.quickMs);
  /** What arrives in the same turn of the event loop goes into the same frame, unless the turn is long. */
  const planPump = () => {
    const now = performance.now();
    if (planned === undefined) {
      planned = setImmediate(pump);
      plannedAt = now;
    } else if (now - plannedAt > longTurnMs) pump();
  };
  /** The next frame of a lane. The timers of a busy host are late: what is over its time is refused here, not sent. */
  const fill = (lane: Lane) => {
    const now = performance.now();
    while (waiting.length > 0) {
      const taken = waiting.splice(0, batchSize(waiting, lane.limits));
      const [late, due] = [taken.filter((job) => job.end <= now), taken.filter((job) => job.end > now)];
      for (const job of late) settle(job, overTime(job));
      if (due.length > 0) return void run(lane, due);
    }
  };
  const overTime = ({ timeoutMs }: Job) =>
    new ModelyardError("scoring-timeout", { service: options.service, timeoutMs });
  const run = async (lane: Lane, jobs: Job[]) => {
    lane.frames.push(jobs);
    options.onFrame(jobs.length);
    for (const job of jobs) job.lane = lane;
    if (lane.frames.length === 1) for (const job of jobs) job.begin?.();
    if (isAwaited(lane)) stayAwake(awakeMs, () => lane.frames[0] !== jobs || waiting.length > 0);
    try {
      const answers = await lane.worker.score(
        jobs.map((job) => itemHead(job.work, lane.wantsHeaders)),
        jobs.map((job) => job.work.body),
        (head, stream) => begin(lane, jobs, head, stream),
      );
      lane.runMs = answers[0]?.head.runMs ?? Number.POSITIVE_INFINITY;
      let inferred = 0;
      jobs.forEach((job, index) => {
        const answer = answers[index];
        if (answer?.head.id !== job.work.id) throw new Error("the answers are not those of the frame");
        if (answer.head.status === "ok") inferred += rowsOf(job.work);
        settle(job, answer);
        job.stream?.end(answer.head);
      });
      if (inferred > 0) options.onInferred(inferred);
    } catch (error) {
      lose(lane, (error as Error).message);
    }
    clearTimeout(lane.killTimer);
    lane.killTimer = undefined;
    lane.alone = jobs.length === 1 && lane.frames.length === 1 && waiting.length === 0 ? lane.alone + 1 : 0;
    lane.frames.shift();
    for (const job of lane.frames[0] ?? []) job.begin?.();
    // those of the next frame whose time ran out while it waited here: nobody else tells the worker
    if (lane.frames[0]?.every((job) => job.settled && job.stream === undefined)) interrupt(lane);
    planPump();
  };
  /** Whether a client that is alone asks a process again and again, and its answers are to be had at once. */
  const isAwaited = ({ worker, alone, runMs }: Lane) =>
    worker.pid !== null && alone >= fewAlone && runMs <= briefMs && waiting.length === 0;
  const begin = (lane: Lane, jobs: Job[], { id, ...head }: StreamHead, stream: IncomingStream) => {
    const job = jobs.find(({ work, settled }) => work.id === id && !settled);
    if (job === undefined) {
      // nobody waits for it any more
      stream.pieces.destroy();
      return;
    }
    const { service, revision, recoverMs } = options;
    const ports = { service, revision, timeoutMs: job.timeoutMs, recoverMs, onLate: () => interrupt(lane) };
    job.stream = followStream(stream, ports);
    const answer = { ...head, kind: head.kind ?? "json", id, status: "ok" as const, size: 0 };
    settle(job, { head: answer, body: Buffer.alloc(0), pieces: stream.pieces });
  };
  /** The worker died or cannot be trusted any more: what it worked on is lost, what it had not begun goes to another. */
  const lose = (lane: Lane, reason: string) => {
    if (!lanes.delete(lane) && lane.frames.length === 0) return;
    lane.worker.kill(reason);
    const [begun = [], ...later] = lane.frames.splice(0);
    const died = () => new ModelyardError("worker-died", { service: options.service, revision: options.revision });
    for (const job of begun) {
      settle(job, died());
      job.stream?.fail(died());
    }
    const unbegun = later.flat().filter((job) => !job.settled);
    for (const job of unbegun) job.lane = undefined;
    waiting.unshift(...unbegun);
  };
  const interrupt = (lane: Lane) => {
    lane.worker.interrupt();
    lane.killTimer ??= setTimeout(() => lane.worker.kill("a request was over its time"), options.recoverMs);
  };
  const giveUp = (job: Job, waitMs: number) => {
    settle(job, new ModelyardError("queue-timeout", { service: options.service, waitMs }));
    // behind another frame it stays, and is interrupted when its turn comes
    if (job.lane !== undefined) return;
    waiting.splice(waiting.indexOf(job), 1);
    planPump();
  };
  const expire = (job: Job) => {
    settle(job, overTime(job));
    const { lane } = job;
    if (lane === undefined) {
      waiting.splice(waiting.indexOf(job), 1);
      planPump();
    } else if (lane.killTimer === undefined && lane.frames[0]?.includes(job)) interrupt(lane);
  };

  return {
    submit: (work, { timeoutMs, maxQueueWaitMs: waitMs = timeoutMs }, elapsedMs) => {
      if (waiting.length >= options.queueLimit) throw new ModelyardError("queue-full", { service: options.service });
      const end = performance.now() + timeoutMs - elapsedMs;
      const untilEnd = () => setTimeout(() => expire(job), Math.max(0, end - performance.now()));
      const waitsLess = waitMs < timeoutMs - elapsedMs;
      const job: Job = {
        work,
        answer: deferred(),
        timer: waitsLess ? setTimeout(() => giveUp(job, waitMs), waitMs) : untilEnd(),
        begin: waitsLess
          ? () => {
              clearTimeout(job.timer);
              job.timer = untilEnd();
              job.begin = undefined;
            }
          : undefined,
        end,
        settled: false,
        lane: undefined,
        timeoutMs,
        stream: undefined,
      };
      waiting.push(job);
      planPump();
      return job.answer.promise;
    },
    attach: (worker, script, rows = options.limits.rows) => {
      const own = { ...options.limits, rows: Math.min(rows, options.limits.rows) };
      const limits = script?.batch === true ? listOfRequests : own;
      lanes.add({
        worker,
        wantsHeaders: script?.wantsHeaders ?? false,
        limits,
        frames: [],
        runMs: Number.POSITIVE_INFINITY,
        alone: 0,
        killTimer: undefined,
      });
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
    load: () => ({
      waiting: waiting.length,
      running: [...lanes].reduce((sum, lane) => sum + lane.frames.reduce((count, jobs) => count + jobs.length, 0), 0),
    }),
  };
}

export function itemHead({ id, input, body, headers }: Work, wantsHeaders: boolean): ScoreItemHead {
  const size = body.length;
  // as a literal: spreading costs a microsecond for each request
  if (input.kind === "rows" && input.params === undefined)
    return { kind: "rows", method: input.method, shape: input.shape, id, size };
  return wantsHeaders ? { ...input, id, size, headers: headers() } : { ...input, id, size };
}
