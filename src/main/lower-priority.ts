import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import type { Log } from "../kernel/log.ts";

/** So much nicer than the host: requests that are scored go first on a busy machine. It still gets its share, as others wait for its turn to end. */
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

/**
 * Makes all of this process's session a little nicer than that of the host: where the kernel shares the cores out by sessions (sched(7), autogroup), the
 * priority of a thread counts inside its own alone. The session of somebody's terminal is left as it is.
 */
export function lowerSession(log: Log): void {
  try {
    if (leaderOf(readFileSync("/proc/self/stat", "latin1")) !== process.pid) return;
    writeFileSync("/proc/self/autogroup", String(niceness));
  } catch (error) {
    log.debug({ reason: (error as Error).message }, "the priority of the session stays as it is");
  }
}

/** The process that began a session, of a line of `/proc/<pid>/stat` (proc(5)): the name before it may have blanks and brackets. */
const leaderOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]);
