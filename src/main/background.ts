import type { Log } from "../kernel/log.ts";

/** Runs work again and again, `everyMs` after its last end; a failure is logged and tried again. Gives the way to stop it. */
export function every(everyMs: number, name: string, log: Log, work: () => Promise<unknown>): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const round = async () => {
    try {
      await work();
    } catch (error) {
      log.warn(
        { work: name, reason: error instanceof Error ? error.message : String(error) },
        "background work failed; it is tried again",
      );
    }
    if (!stopped) timer = setTimeout(round, everyMs);
  };
  timer = setTimeout(round, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
