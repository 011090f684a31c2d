import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelyardError, type PublicError } from "../../../contract/errors.ts";
import { remoteError } from "../../../contract/remote-error.ts";
import { readTextIfAny } from "../../../kernel/files.ts";
import { makeFolder } from "../../../kernel/make-folder.ts";
import { stillRuns } from "../../../kernel/process-identity.ts";
import { withProcessLock } from "../../../kernel/process-lock.ts";
import { homePaths } from "../settings.ts";
import { type LaunchedServer, type Tools, talk } from "../tools.ts";
import { endProcess, type ProcessIdentity } from "./end-process.ts";

/** What a running server wrote about itself when it was ready. */
export type ServerState = ProcessIdentity & { url: string; build: string; fronts?: number };

/** How long a start may take: the database of an old home may have to be migrated. */
const startTimeoutMs = 120_000;

/** The local server when it runs, whatever its build. */
export async function runningServer(home: string): Promise<ServerState | undefined> {
  const text = await readTextIfAny(homePaths(home).serverState);
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as ServerState;
    return stillRuns(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The local server, started when it does not run, restarted when it is of another build. Throws port-taken, server-start-failed. */
export async function ensureServer(tools: Tools): Promise<ServerState> {
  const { system, settings } = tools;
  const running = await runningServer(settings.home);
  if (running?.build === system.build) return running;
  const lock = { extra: { since: system.clock.now() }, signal: system.signal };
  return withProcessLock(homePaths(settings.home).lock("server"), lock, async () => {
    const other = await runningServer(settings.home);
    if (other?.build === system.build) return other;
    if (other !== undefined) await endProcess(other);
    return start(tools);
  });
}

/** Ends the local server; the scoring host goes on. False when none ran. */
export async function stopServer(home: string): Promise<boolean> {
  const running = await runningServer(home);
  if (running !== undefined) await endProcess(running);
  return running !== undefined;
}

/** Variables that name files, relative to where the command was given; the server runs elsewhere. */
const fileVariables = ["MODELYARD_TLS_CERT", "MODELYARD_TLS_KEY"];

/** The variables a local server is started with. */
export function serverEnvironment({ system, settings }: Pick<Tools, "system" | "settings">): Record<string, string> {
  const files = fileVariables.flatMap((name) => {
    const path = system.env[name] ?? "";
    return path === "" ? [] : [[name, resolve(system.cwd, path)]];
  });
  return {
    ...system.env,
    ...Object.fromEntries(files),
    MODELYARD_HOME: settings.home,
    MODELYARD_PORT: String(settings.port),
    MODELYARD_SCORING_PORT: String(settings.scoringPort),
    MODELYARD_GRPC_PORT: String(settings.grpcPort),
  };
}

async function start(tools: Tools): Promise<ServerState> {
  const { system, settings } = tools;
  const paths = homePaths(settings.home);
  await makeFolder(dirname(paths.serverLog));
  await rm(paths.serverError, { force: true });
  const launched = await system.launchServer(serverEnvironment(tools), paths.serverLog);
  const begun = system.clock.now();
  let told = false;
  for (;;) {
    const state = await runningServer(settings.home);
    if (state?.pid === launched.pid) return state;
    const waited = system.clock.now() - begun;
    if (launched.exitCode() !== undefined) throw await startError(tools, launched);
    if (waited > startTimeoutMs) throw startFailed(tools, `it was not ready after ${startTimeoutMs / 1000} s`);
    if (waited > 1000 && !told && !tools.json) talk(tools, "Starting the local server …", true);
    told ||= waited > 1000;
    await sleep(20, undefined, { signal: system.signal });
  }
}

/** The server's own account of why it ended, else the last line it logged. */
async function startError(tools: Tools, launched: LaunchedServer): Promise<ModelyardError> {
  const paths = homePaths(tools.settings.home);
  const account = await readTextIfAny(paths.serverError);
  if (account !== undefined) {
    const parsed = JSON.parse(account) as Partial<PublicError> & { error?: Partial<PublicError> };
    return remoteError(parsed.error ?? parsed);
  }
  const lastLine = (await readTextIfAny(paths.serverLog))?.trim().split("\n").pop();
  return startFailed(tools, lastLine ?? `it ended with code ${launched.exitCode()}`);
}

const startFailed = ({ settings }: Tools, reason: string) =>
  new ModelyardError("server-start-failed", { reason, log: homePaths(settings.home).serverLog });
