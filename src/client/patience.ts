import { type ErrorCode, ModelyardError } from "../contract/errors.ts";

/** How a transfer is told to whoever shows it, and how it is ended. */
export interface TransferOptions {
  signal?: AbortSignal | undefined;
  /** Told as bytes go: the file, how many of its bytes went so far. */
  onBytes?: ((file: TransferredFile, done: number) => void) | undefined;
  /** Told when a connection broke, and in how many milliseconds it is tried again. */
  onBreak?: ((file: TransferredFile, waitMs: number) => void) | undefined;
}
export interface TransferredFile {
  path: string;
  /** Bytes, when they are known. */
  size?: number | undefined;
}

/** What a connection that broke, or another request in its place, looks like. */
const breaks: readonly ErrorCode[] = ["server-unreachable", "upload-incomplete"];
/** Attempts in a row that got no further before it is given up: half a minute with their waits. */
const mostInVain = 6;
const longestWaitMs = 15_000;

/**
 * What to do about a transfer that failed: waits, longer each time that it got no further, and returns when it is to be tried
 * again. Throws the failure when it is none of the connection, or there were too many in vain.
 */
export function makePatience(
  file: TransferredFile,
  { signal, onBreak }: TransferOptions,
): (failure: unknown, done: number) => Promise<void> {
  let best = 0;
  let inVain = 0;
  return async (failure, done) => {
    if (signal?.aborted || !(failure instanceof ModelyardError) || !breaks.includes(failure.code)) throw failure;
    inVain = done > best ? 0 : inVain + 1;
    best = Math.max(best, done);
    if (inVain > mostInVain) throw failure;
    const waitMs = Math.min(longestWaitMs, 250 * 2 ** inVain);
    onBreak?.(file, waitMs);
    await sleep(waitMs, signal);
  };
}

/** As of node:timers/promises, which browsers do not have. */
const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
