import type { Log } from "../kernel/log.ts";

/**
 * Runs work again and again, `pauseMs` after its last end; a failure is logged and tried again. Gives the way to stop it.
 * A pause may depend on how long the work took, ms.
 */
export function every(
  pauseMs: number | ((tookMs: number) => number),
  name: string,
  log: Log,
  work: () => Promise<unknown>,
): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const round = async () => {
    const begun = performance.now();
    try {
      await work();
    } catch (error) {
      log.warn(
        { work: name, reason: error instanceof Error ? error.message : String(error) },
        "background work failed; it is tried again",
      );
    }
    const pause = typeof pauseMs === "number" ? pauseMs : pauseMs(performance.now() - begun);
    if (!stopped) timer = setTimeout(round, pause);
  };
  timer = setTimeout(round, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** A pause that makes work a twentieth of the time, but never less than `leastMs` and never more than `mostMs`. */
export const restful =
  (leastMs: number, mostMs: number) =>
  (tookMs: number): number =>
    Math.min(mostMs, Math.max(leastMs, 19 * tookMs));
