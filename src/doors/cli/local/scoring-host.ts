import { readFileSync } from "node:fs";
import { readTextIfAny } from "../../../kernel/files.ts";
import { processStartTime, stillRuns } from "../../../kernel/process-identity.ts";
import { homePaths } from "../settings.ts";
import { endProcess, type ProcessIdentity } from "./end-process.ts";

/** What a running host wrote about itself. */
export type HostState = ProcessIdentity & { scoringUrl: string; grpc: string; fronts?: number };

/** The local scoring host when it runs. */
export async function runningHost(home: string): Promise<HostState | undefined> {
  const text = await readTextIfAny(homePaths(home).hostState);
  try {
    const state = text === undefined ? undefined : (JSON.parse(text) as HostState);
    return state !== undefined && stillRuns(state) ? state : undefined;
  } catch {
    return undefined; // half a file is no host
  }
}

/**
 * Ends the local host and its workers: through the supervisor, which forwards the signal and does not start the host
 * again; directly when the supervisor is dead. False when none ran.
 */
export async function stopHost(home: string): Promise<boolean> {
  const supervisor = await runningSupervisor(home);
  if (supervisor !== undefined) await endProcess(supervisor);
  const host = await runningHost(home);
  if (host !== undefined) await endProcess(host);
  return supervisor !== undefined || host !== undefined;
}

/** The supervisor's file holds a pid alone: it counts only when that process was started for this home's host. */
export async function runningSupervisor(home: string): Promise<ProcessIdentity | undefined> {
  const paths = homePaths(home);
  const pid = Number((await readTextIfAny(paths.supervisorPid))?.trim());
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const startTime = processStartTime(pid);
  if (startTime === null || !environmentOf(pid).includes(`MODELYARD_HOST_FOLDER=${paths.hostFolder}`)) return undefined;
  return { pid, startTime };
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it ended, or is somebody else's
  }
}
