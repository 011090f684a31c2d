import { setTimeout as sleep } from "node:timers/promises";
import { stillRuns } from "../../../kernel/process-identity.ts";

/** A process for good: with its start time, since a pid alone is given to another process later. */
export interface ProcessIdentity {
  pid: number;
  startTime: number | null;
}

/** Ends a process: SIGTERM, and SIGKILL to it and its group when it has not ended after `graceMs`. */
export async function endProcess(noted: ProcessIdentity, graceMs = 12_000): Promise<void> {
  signalTo(noted, noted.pid, "SIGTERM");
  if (await hasEnded(noted, graceMs)) return;
  signalTo(noted, -noted.pid, "SIGKILL");
  signalTo(noted, noted.pid, "SIGKILL");
  await hasEnded(noted, 2000);
}

function signalTo(noted: ProcessIdentity, target: number, signal: NodeJS.Signals): void {
  if (!stillRuns(noted)) return;
  try {
    process.kill(target, signal);
  } catch (error) {
    // it ended in between, or leads no group
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function hasEnded(noted: ProcessIdentity, limitMs: number): Promise<boolean> {
  for (let waited = 0; stillRuns(noted); waited += 25) {
    if (waited >= limitMs) return false;
    await sleep(25);
  }
  return true;
}
