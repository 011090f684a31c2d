import type { Clock } from "../../kernel/clock.ts";
import type { Exec } from "../../kernel/exec.ts";
import type { Settings } from "./settings.ts";

/** A stream of text to a person or a program. */
export type Output = NodeJS.WritableStream & { isTTY?: boolean | undefined; columns?: number | undefined };

export interface Terminal {
  stdin: AsyncIterable<Uint8Array | string>;
  /** Data. */
  stdout: Output;
  /** Talk: progress, next steps, errors. */
  stderr: Output;
}

/** A server process as it was started. */
export interface LaunchedServer {
  pid: number;
  /** The exit code when it has ended, else undefined. */
  exitCode(): number | undefined;
}

/** What the CLI needs of the machine, so that tests can run it in process. */
export interface System {
  cwd: string;
  clock: Clock;
  exec: Exec;
  fetch: typeof fetch;
  /** Aborted when the person interrupts. */
  signal: AbortSignal;
  /** Variables of the environment, passed on to what is started. */
  env: Record<string, string>;
  /** Version of Modelyard, and the id of this build. */
  version: string;
  build: string;
  /** Starts the server in the background, its output appended to `logFile`. */
  launchServer(env: Record<string, string>, logFile: string): Promise<LaunchedServer>;
  /** Opens a file in the browser of the person's desktop; false where there is none. */
  openFile(path: string): Promise<boolean>;
  /** Runs the server as a child with this terminal until it ends; gives its exit code. */
  runServer(env: Record<string, string>): Promise<number>;
}

export interface Tools {
  terminal: Terminal;
  settings: Settings;
  system: System;
  /** Whether a program reads the output. */
  json: boolean;
}

/** Writes talk: a line on stderr, dimmed on a terminal when `quiet`. */
export function talk({ terminal }: Pick<Tools, "terminal">, line: string, quiet = false): void {
  const dim = quiet && terminal.stderr.isTTY === true;
  terminal.stderr.write(dim ? `\u001b[2m${line}\u001b[22m\n` : `${line}\n`);
}

/** Writes data: text on stdout that ends with a line end. */
export function print({ terminal }: Pick<Tools, "terminal">, text: string): void {
  terminal.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes one JSON value on stdout. */
export function printJson(tools: Pick<Tools, "terminal">, value: unknown): void {
  print(tools, JSON.stringify(value));
}
