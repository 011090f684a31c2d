import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process for good: a pid alone is given to another process later. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot (proc(5), field 22); null where there is no /proc. */
  startTime: number | null;
}

/** When a process started, or undefined when it does not run. Zombies do not run. */
export function startTimeOf(pid: number): number | null | undefined {
  if (!existsSync("/proc/self/stat")) return isAlive(pid) ? null : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // the second field is the name in brackets and may itself hold spaces and brackets
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

/** Whether the noted process still runs. A note without start time is trusted as far as the pid goes. */
export function isRunning(noted: ProcessIdentity): boolean {
  const startTime = startTimeOf(noted.pid);
  if (startTime === undefined) return false;
  return startTime === null || noted.startTime === null || startTime === noted.startTime;
}

/** Sends a signal to the noted process, or to its group; nothing when it has ended. */
export function signalTo(noted: ProcessIdentity, signal: NodeJS.Signals, group = false): void {
  if (!isRunning(noted)) return;
  try {
    process.kill(group ? -noted.pid : noted.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until the noted process has ended; false when it still runs after `timeoutMs`. */
export async function waitForEnd(noted: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; isRunning(noted); waited += 50) {
    if (waited >= timeoutMs) return false;
    await sleep(50);
  }
  return true;
}

/** Ends a process: SIGTERM, and SIGKILL to its group when it has not ended in `graceMs`. */
export async function endProcess(noted: ProcessIdentity, graceMs = 12_000): Promise<void> {
  signalTo(noted, "SIGTERM");
  if (await waitForEnd(noted, graceMs)) return;
  try {
    signalTo(noted, "SIGKILL", true);
  } catch {
    signalTo(noted, "SIGKILL");
  }
  await waitForEnd(noted, 2000);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
