import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
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

/** A shell that writes down its pid before it becomes the command, so that there is no moment without a trace. */
const traced = (file: string, argv: readonly string[]): [string, ...string[]] => [
  "/bin/sh",
  "-c",
  'echo $$ >"$0" && exec "$@"',
  file,
  ...argv,
];

/**
 * Runs commands in process groups of their own. With `traceFolder` every running command leaves a file with its pid there,
 * so that `endTraced` can end what a killed process left running.
 */
export function makeExec(traceFolder?: string): Exec {
  return async (command) => {
    if (traceFolder === undefined) return run(command, command.argv, command.env);
    mkdirSync(traceFolder, { recursive: true });
    const file = join(traceFolder, randomBytes(8).toString("hex"));
    try {
      return await run(command, traced(file, command.argv), { ...command.env, [traceVariable]: file });
    } finally {
      rmSync(file, { force: true });
    }
  };
}

/** Kills the commands that a killed process left running, with everything they started. Only for the start of a process. */
export function endTraced(traceFolder: string): void {
  mkdirSync(traceFolder, { recursive: true });
  for (const name of readdirSync(traceFolder)) {
    const file = join(traceFolder, name);
    const pid = Number(readFileSync(file, "utf8"));
    if (pid > 1 && environmentOf(pid).includes(`${traceVariable}=${file}`)) killGroup(pid);
    rmSync(file, { force: true });
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // the group is gone already
  }
}

function run(
  command: Command,
  argv: readonly [string, ...string[]],
  env: Record<string, string>,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const [file, ...args] = argv;
    const child = spawn(file, args, { cwd: command.cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
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
