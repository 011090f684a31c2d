import { readTextIfAny } from "../../../kernel/files.ts";
import { homePaths } from "../settings.ts";
import { endProcess, isRunning, type ProcessIdentity, startTimeOf } from "./process-identity.ts";

/** What a running host wrote about itself. */
export type HostState = ProcessIdentity & { scoringUrl: string };

/** The local scoring host when it runs. */
export async function runningHost(home: string): Promise<HostState | undefined> {
  const state = parse<HostState>(await readTextIfAny(homePaths(home).hostState));
  return state !== undefined && isRunning(state) ? state : undefined;
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

/** The supervisor's file is `<pid> <start time>`, `<pid>` alone, or JSON of both. */
async function runningSupervisor(home: string): Promise<ProcessIdentity | undefined> {
  const text = (await readTextIfAny(homePaths(home).supervisorPid))?.trim();
  if (text === undefined || text === "") return undefined;
  const [pid = 0, startTime = null] = text.startsWith("{")
    ? Object.values(parse<Record<string, number>>(text) ?? {})
    : text.split(/\s+/).map(Number);
  const noted = { pid, startTime };
  return Number.isInteger(pid) && pid > 1 && isRunning(noted) && startTimeOf(pid) !== undefined ? noted : undefined;
}

function parse<Shape>(text: string | undefined): Shape | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Shape);
  } catch {
    return undefined;
  }
}
