import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache } from "./built-once.ts";
import { layStandingEnvironments } from "./standing-environments.ts";

const repository = new URL("..", import.meta.url).pathname;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandLine {
  home: string;
  /** Runs `./modelyard …` in a folder of the repository, or elsewhere. */
  run(args: readonly string[], options?: { cwd?: string; env?: Record<string, string>; input?: string }): Promise<Ran>;
  /** The same with --json, its stdout parsed; fails when the command does. */
  json<Result>(args: readonly string[], options?: { cwd?: string }): Promise<Result>;
  /** Stops what runs and removes the home. */
  remove(): Promise<void>;
}

/** The launcher as a user runs it, on a home and ports of its own; `isFirst` when nothing was ever built on this machine. */
export async function commandLine({ isFirst = false } = {}): Promise<CommandLine> {
  const home = await mkdtemp(join(tmpdir(), "modelyard-story-"));
  if (!isFirst) await layStandingEnvironments(join(home, "modelyard"));
  const base = {
    ...process.env,
    HOME: home,
    MODELYARD_HOME: join(home, "modelyard"),
    MODELYARD_PORT: "0",
    MODELYARD_SCORING_PORT: "0",
    // downloads are kept for the next run
    PIP_CACHE_DIR: join(cache, "pip"),
  };
  const run: CommandLine["run"] = (args, { cwd = repository, env = {}, input = "" } = {}) =>
    new Promise((resolve) => {
      const child = spawn(join(repository, "modelyard"), [...args], { cwd, env: { ...base, ...env } });
      const ran = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const)
        child[stream].on("data", (chunk) => {
          ran[stream] += chunk;
        });
      child.stdin.end(input);
      child.once("close", (code) => resolve({ code, ...ran }));
    });
  return {
    home,
    run,
    async json(args, options) {
      const { code, stdout, stderr } = await run([...args, "--json"], options);
      if (code !== 0) throw new Error(`modelyard ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
      return JSON.parse(stdout);
    },
    async remove() {
      await run(["down"]);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
