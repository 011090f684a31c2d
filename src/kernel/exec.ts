import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A command of another program: an argument list, never a shell line. */
export interface Command {
  argv: readonly [string, ...string[]];
  cwd?: string;
  /** The whole environment of the child; nothing is inherited beside it. */
  env: Record<string, string>;
  /** Called for every line of stdout and stderr as it comes. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Kills the command and everything it started. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

export interface CommandResult {
  /** The exit code, or null when a signal ended the command or it could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. Never throws for a failing command: look at `code`. */
export type Exec = (command: Command) => Promise<CommandResult>;

const traceVariable = "MODELYARD_TRACE";

/**
 * Runs commands in process groups of their own. With `trace` every command, and with it all it starts, carries that text in its
 * environment, so that `endTraced` can end what a killed process left running. Nothing is written down: a full disk stops nothing.
 */
export function makeExec(trace?: string): Exec {
  return (command) =>
    run(trace === undefined ? command : { ...command, env: { ...command.env, [traceVariable]: trace } });
}

/** Kills the commands that a killed process left running, with everything they started (proc(5)). Only for the start of a process. */
export function endTraced(trace: string): void {
  for (const pid of runningPids())
    if (readText(`/proc/${pid}/environ`).split("\0").includes(`${traceVariable}=${trace}`)) killGroup(groupOf(pid));
}

/** None where there is no /proc. */
function runningPids(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return [];
  }
}

function groupOf(pid: string): number | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // the second field is the name in brackets and may itself hold spaces and brackets
  const group = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
  return group > 1 ? group : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // the group is gone already
  }
}

function run(command: Command): Promise<CommandResult> {
  return new Promise((resolve) => {
    const [file, ...args] = command.argv;
    const child = spawn(file, args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      createInterface({ input: child[stream] }).on("line", (line) => {
        texts[stream] += `${line}\n`;
        command.onLine?.(line, stream);
      });
    }
    const kill = () => killGroup(child.pid);
    const timer = command.timeoutMs === undefined ? undefined : setTimeout(kill, command.timeoutMs);
    command.signal?.addEventListener("abort", kill, { once: true });
    if (command.signal?.aborted) kill();
    const finish = (code: number | null) => {
      clearTimeout(timer);
      command.signal?.removeEventListener("abort", kill);
      resolve({ code, ...texts });
    };
    child.once("error", (error) => {
      texts.stderr += `${error.message}\n`;
      finish(null);
    });
    child.once("close", (code) => finish(code));
  });
}
