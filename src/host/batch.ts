import type { WorkerInput } from "./engines/worker-frames.ts";

/** One request on its way to a worker. */
export interface Work {
  id: string;
  input: WorkerInput;
  body: Uint8Array;
  /** The request's headers, asked for only when they are sent: to a script that wants them. */
  headers(): Record<string, string>;
}

/** Where a frame ends: few enough rows to keep the answer quick, few enough bytes to keep the memory small. */
export interface BatchLimits {
  /** Frames a worker may have: the one it works on, and one that is there when it is done. */
  frames: number;
  /**
   * The second only for a worker that is alone and whose last run took no longer than this, in milliseconds: behind a long one a request had
   * better wait where another worker can take it.
   */
  quickMs: number;
  rows: number;
  items: number;
  bytes: number;
}

/** A script takes one request at a time. */
export const singleRequest: BatchLimits = {
  frames: 2,
  quickMs: 5,
  rows: Number.POSITIVE_INFINITY,
  items: 1,
  bytes: Number.POSITIVE_INFINITY,
};
/** A script with run_batch() takes all that wait; those that come meanwhile are its next list. */
export const listOfRequests: BatchLimits = { ...singleRequest, items: 64, bytes: 64 * 1024 * 1024 };
/** Rows are what a model's time depends on; a worker that has measured it asks for fewer. */
export const manyRequests: BatchLimits = {
  frames: 2,
  quickMs: Number.POSITIVE_INFINITY,
  rows: 1024,
  items: 1024,
  bytes: 64 * 1024 * 1024,
};

/** What is no table counts as one row. */
export function rowsOf({ input }: Pick<Work, "input">): number {
  if (input.kind === "rows") return input.shape[0];
  return input.kind === "json" ? input.rows : 1;
}

/** How many of the first `waiting` requests go into one frame: as many as fit, and always at least one. */
export function batchSize(waiting: readonly { work: Work }[], limits: BatchLimits): number {
  let rows = 0;
  let bytes = 0;
  let count = 0;
  for (const { work } of waiting) {
    rows += rowsOf(work);
    bytes += work.body.length;
    if (count > 0 && (count >= limits.items || rows > limits.rows || bytes > limits.bytes)) break;
    count += 1;
  }
  return count;
}
