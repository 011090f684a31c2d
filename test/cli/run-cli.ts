import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { runCli } from "../../src/doors/cli/main.ts";
import { readSettings } from "../../src/doors/cli/settings.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { makeExec } from "../../src/kernel/exec.ts";

export interface CliRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process. Without `env` no server is there and none can be started. */
export async function cli(
  args: string[],
  env: Record<string, string> = {},
  stdin = "",
  cwd = tmpdir(),
  signal = new AbortController().signal,
): Promise<CliRun> {
  const texts = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") =>
    new Writable({
      write(chunk, _, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const none = () => Promise.reject(new Error("a test started a server"));
  const home = await mkdtemp(join(tmpdir(), "modelyard-cli-"));
  const exitCode = await runCli(args, {
    terminal: { stdin: Readable.from([stdin]), stdout: sink("stdout"), stderr: sink("stderr") },
    settings: readSettings({ MODELYARD_HOME: home, ...env }, tmpdir(), cwd),
    system: {
      cwd,
      clock: systemClock,
      exec: makeExec(),
      fetch,
      signal,
      env: { PATH: process.env.PATH ?? "", ...env },
      version: "1.2.3",
      build: "test",
      launchServer: none,
      runServer: none,
      openFile: async () => false,
    },
  });
  await rm(home, { recursive: true });
  return { exitCode, ...texts };
}
