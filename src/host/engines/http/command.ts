import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { RevisionLog } from "../../revision-log.ts";
import { killGroup, type RuntimeFolder } from "../runtime-folder.ts";
import { endReason } from "../worker-process.ts";

export interface Command {
  argv: readonly string[];
  cwd: string;
  /** The whole environment of the process. */
  env: Record<string, string>;
}

/** A server that was started. */
export interface StartedCommand {
  readonly pid: number | null;
  /** Asks it to end; whoever has not ended after `graceMs` is killed with all it started. */
  stop(graceMs: number): void;
  kill(reason: string): void;
}

/** How long the last lines of a process that ended may take to arrive; they say why. */
const lastWordsMs = 100;

/** Starts a server in a process group of its own, with its output in the log. `onEnd` is told once. */
export function startCommand(
  { argv, cwd, env }: Command,
  { runtime, log, onEnd }: { runtime: RuntimeFolder; log: RevisionLog; onEnd: (reason: string) => void },
): StartedCommand {
  const [file = "", ...args] = argv;
  const child: ChildProcess = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const { pid } = child;
  let killedFor: string | undefined;
  let lastError = "";
  let over = false;
  const finish = (reason: string) => {
    if (over) return;
    over = true;
    if (pid !== undefined) {
      log.write(`server ${pid} ended: ${reason}`);
      killGroup(pid);
      runtime.forgetWorker(pid);
    }
    onEnd(reason);
  };
  if (pid !== undefined) runtime.noteWorker(pid);
  if (child.stdout !== null) log.follow(child.stdout);
  if (child.stderr !== null)
    log.follow(child.stderr, (line) => {
      lastError = line.trim() || lastError;
    });
  child.once("error", (error) => finish(`${file} could not be started: ${error.message}`));
  child.once("exit", (code, signal) => {
    setTimeout(() => finish(endReason(code, signal, killedFor, lastError)), lastWordsMs);
  });
  const kill = (reason: string) => {
    killedFor ??= reason;
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(pid);
  };
  return {
    pid: pid ?? null,
    kill,
    stop: (graceMs) => {
      child.kill("SIGTERM");
      setTimeout(() => kill("it did not stop in time"), graceMs).unref();
    },
  };
}

/** A port of this machine that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
