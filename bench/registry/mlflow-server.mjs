// A real MLflow server on its default store (SQLite) and a local folder of artifacts: the peer of the registry.
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../free-ports.mjs";
import { cache } from "../home.mjs";
import { madeEnvironment } from "../made-environment.mjs";
import { treeOf } from "../processes.mjs";

/** The newest whose parts are all in the package index. */
const requirement = "mlflow==3.17.2";

/** Makes its environment once, empties its folder, starts it and waits until it answers. */
export async function startMlflow(say) {
  const program = join(await madeEnvironment(requirement, [requirement], say), "mlflow");
  const folder = join(cache, "mlflow-home");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [port] = await freePorts(1);
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

const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
