import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import type { Log } from "../kernel/log.ts";

/** So much nicer than the host: what people wait for goes first on a busy machine. It still gets its share, as others wait for its turn to end. */
const niceness = 5;

/** Makes the thread that calls this a little nicer than the rest of its process. */
export function lowerPriority(log: Log): void {
  try {
    // Linux has priorities for threads; that of this one is at `<pid>/task/<thread>`
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), niceness);
  } catch (error) {
    log.debug({ reason: (error as Error).message }, "the priority stays as it is");
  }
}
