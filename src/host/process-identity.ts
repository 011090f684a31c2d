import { readFileSync } from "node:fs";

/**
 * When a process started, in clock ticks since boot (proc(5), field 22 of /proc/<pid>/stat), or null when it does not run.
 * With the pid it names a process for good: a pid alone is given to another process later. Zombies do not run.
 */
export function processStartTime(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // the second field is the name in brackets and may itself hold spaces and brackets
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : Number(fields[19]);
  } catch {
    return null;
  }
}

/** Whether the process that was noted with its start time still runs. */
export function stillRuns(noted: { pid: number; startTime: number | null }): boolean {
  const startTime = processStartTime(noted.pid);
  return startTime !== null && startTime === noted.startTime;
}
