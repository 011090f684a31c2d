// Installs a peer once, starts it, and stops it with all its processes.
import { execFile, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePorts } from "../free-ports.mjs";
import { cache } from "../home.mjs";
import { madeEnvironment } from "../made-environment.mjs";
import { treeOf } from "../processes.mjs";

const run = promisify(execFile);
/** The model's own packages, the same for everybody. */
const modelPackages = ["scikit-learn==1.7.2", "numpy==2.4.6", "joblib"];
/** As the worker of Modelyard has them: threads of a model would fight with those of its neighbours for two cores. */
const oneThread = Object.fromEntries(["OMP", "OPENBLAS", "MKL"].map((name) => [`${name}_NUM_THREADS`, "1"]));
const startLimitMs = 120_000;

/** The folder of programs of an environment with the model's packages and `requirements`, made once. */
export const environmentOf = (name, requirements, say) =>
  madeEnvironment(join("peers", name), [...modelPackages, ...requirements], say);

/**
 * Starts a peer with a model and waits for its first right answer: `{ name, port, path, pids(), coldStartMs, stop() }`.
 * `sample` is `{ rows, labels }`; `options` are the peer's own.
 */
export async function startPeer(peer, { name, kind, model, sample, say, ...options }) {
  const bin = await environmentOf(kind, peer.requirements, say);
  const folder = join(cache, "peers", `run-${name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [port] = await freePorts(3);
  const given = { bin, folder, model, port, ...options };
  for (const [file, text] of Object.entries(peer.files(given))) await writeFile(join(folder, file), text);
  const own = typeof peer.env === "function" ? peer.env(given) : peer.env;
  const env = { ...process.env, ...oneThread, ...own };
  if (peer.prepare !== undefined) {
    const [program, ...args] = peer.prepare(given);
    await run(program, args, { cwd: folder, env });
  }
  const [program, ...args] = peer.command(given);
  const begun = performance.now();
  const child = spawn(program, args, { cwd: folder, env, stdio: "ignore", detached: true });
  const stop = () => {
    for (const pid of treeOf(child.pid).reverse()) quietly(() => process.kill(pid, "SIGKILL"));
  };
  const url = `http://127.0.0.1:${port}${peer.path}`;
  while (!(await answersRightly(peer, url, sample))) {
    if (performance.now() - begun > startLimitMs || child.exitCode !== null) {
      stop();
      throw new Error(`${name} did not start`);
    }
    await sleep(20);
  }
  return {
    name,
    port,
    path: peer.path,
    key: null,
    coldStartMs: performance.now() - begun,
    pids: () => treeOf(child.pid),
    stop,
  };
}

/** The labels a peer answers to rows; undefined when it does not answer. */
export async function labelsOf(peer, url, rows) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: peer.body(rows) }).catch(() => undefined);
  return response?.ok ? peer.labels(await response.json()).map(Number) : undefined;
}

async function answersRightly(peer, url, { rows, labels }) {
  const found = await labelsOf(peer, url, rows);
  return found !== undefined && JSON.stringify(found) === JSON.stringify(labels);
}

function quietly(act) {
  try {
    act();
  } catch {
    // it ended by itself
  }
}
