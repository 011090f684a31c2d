import { spawn } from "node:child_process";
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

/**
 * Runs commands in process groups of their own. `wrap` may put a launcher in front of the argument list
 * (the server uses it to leave a trace of what it started, so that a restart can end it).
 */
export function makeExec(
  wrap: (argv: readonly [string, ...string[]]) => readonly [string, ...string[]] = (argv) => argv,
): Exec {
  return (command) =>
    new Promise((resolve) => {
      const [file, ...args] = wrap(command.argv);
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
      const kill = () => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        } catch {
          // the group is gone already
        }
      };
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
