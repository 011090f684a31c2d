// From the start of a scoring host, whose services stand, to the first right answer of one of them.
import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./free-ports.mjs";
import { cache, root } from "./home.mjs";
import { median } from "./statistics.mjs";

/** Milliseconds, the median of `runs`, for a system of `home`: a host of its own, with this service alone, as a container starts it. */
export async function measureColdStart(home, system, { runs, say }) {
  const samples = [];
  for (let run = 0; run < runs; run += 1) samples.push(await startOnce(home, system));
  say(`${system.name}, ${system.workload}: first answer after ${(median(samples) / 1000).toFixed(2)} s`);
  return median(samples);
}

async function startOnce(home, { path, key, requests }) {
  const folder = join(cache, "cold-start");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const wanted = JSON.parse(await readFile(join(home.folder, "host", "wanted.json"), "utf8"));
  wanted.services = wanted.services.filter(({ name }) => path.includes(`/${name}/`));
  await writeFile(join(folder, "wanted.json"), JSON.stringify(wanted));
  const [port, grpc] = await freePorts(2);
  const env = {
    ...process.env,
    MODELYARD_HOST_FOLDER: folder,
    MODELYARD_SCORING_PORT: String(port),
    MODELYARD_GRPC_PORT: String(grpc),
  };
  const [{ body, answer }] = requests[1];
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const url = `http://127.0.0.1:${port}${path}`;
  const begun = performance.now();
  const child = spawn(process.execPath, ["--single-threaded-gc", join(root, "dist", "host.js")], {
    env,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    for (;;) {
      const response = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
      if (response?.ok && (await response.text()) === answer) return performance.now() - begun;
      if (child.exitCode !== null || performance.now() - begun > 60_000) throw new Error("the host did not start");
      await sleep(5);
    }
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}
