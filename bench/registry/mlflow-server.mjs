// A real MLflow server on its default store (SQLite) and a local folder of artifacts: the peer of the registry.
import { execFile, spawn } from "node:child_process";
import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cache } from "../home.mjs";
import { childrenOf } from "../processes.mjs";

const run = promisify(execFile);
/** The newest whose parts are all in the package index. */
const requirement = "mlflow==3.17.2";

/** Makes its environment once, empties its folder, starts it and waits until it answers. */
export async function startMlflow(say) {
  const program = await install(say);
  const folder = join(cache, "mlflow-home");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const database = join(folder, "mlflow.db");
  const args = ["server", "--host", "127.0.0.1", "--port", String(port)];
  args.push("--backend-store-uri", `sqlite:///${database}`, "--artifacts-destination", join(folder, "artifacts"));
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" };
  const child = spawn(program, args, { env, stdio: "ignore", detached: true });
  const stop = () => process.kill(-child.pid, "SIGTERM");
  for (let waited = 0; !(await answers(port)); waited += 250) {
    if (waited > 120_000 || child.exitCode !== null) throw new Error("mlflow server did not start");
    await sleep(250);
  }
  return { name: requirement, port, database, key: null, pids: () => treeOf(child.pid), stop };
}

async function install(say) {
  const folder = join(cache, requirement);
  const done = join(folder, "complete");
  if (await access(done).catch(() => "missing")) {
    say(`installing ${requirement}`);
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", requirement]);
    await writeFile(done, "");
  }
  return join(folder, "bin", "mlflow");
}

const treeOf = (pid) => [pid, ...childrenOf(pid).flatMap(treeOf)];

const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
