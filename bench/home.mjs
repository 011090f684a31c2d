// A private home of Modelyard for one run of the benchmarks.
import { execFile, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { childrenOf } from "./processes.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const digits = join(root, "examples", "digits");

const run = promisify(execFile);
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "modelyard-bench");
/** What outlives a run: environments are named by their lock, and building one takes half a minute. */
const kept = ["environments", "cache"];

/**
 * Empties the home of a checkout `tree` and gives the ways to use it; `settings` are variables for it. `modelyard` runs a command and gives its output. `up` resolves with the last event of
 * `up --json`, its events with their times in ms since the start, and the wall time from start to exit.
 */
export async function openHome(tree, name, settings = {}) {
  const folder = join(cache, name);
  const env = { ...process.env, ...settings, MODELYARD_HOME: folder, MODELYARD_PORT: "0", MODELYARD_SCORING_PORT: "0" };
  delete env.MODELYARD_URL;
  const launcher = join(tree, "modelyard");
  const modelyard = async (...args) => (await run(launcher, args, { env, maxBuffer: 1 << 26 })).stdout;
  const down = () => modelyard("down");
  await mkdir(folder, { recursive: true });
  await down();
  for (const entry of await readdir(folder)) {
    if (!kept.includes(entry)) await rm(join(folder, entry), { recursive: true, force: true });
  }
  return {
    folder,
    env,
    launcher,
    modelyard,
    down,
    up: (...args) => timedUp(launcher, args, env),
    status: async () => JSON.parse(await modelyard("status", "--json")),
    supervisor: async () => Number(await readFile(join(folder, "host", "supervisor.pid"), "utf8")),
  };
}

/** The pids of a home: server, host, worker, supervisor. */
export async function processesOf(home) {
  const { server, scoring } = await home.status();
  const [worker] = childrenOf(scoring.pid);
  return { server: server.pid, host: scoring.pid, worker, supervisor: await home.supervisor() };
}

async function timedUp(launcher, args, env) {
  const begun = performance.now();
  const child = spawn(launcher, ["up", ...args, "--json"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const events = [];
  let failure = "";
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    failure += chunk;
  });
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) events.push({ atMs: performance.now() - begun, ...JSON.parse(line) });
  });
  const [code] = await new Promise((resolve) => child.once("close", (...end) => resolve(end)));
  const wallMs = performance.now() - begun;
  if (code !== 0) throw new Error(`modelyard up ended with ${code}: ${failure}`);
  return { wallMs, events, done: events.at(-1) };
}
