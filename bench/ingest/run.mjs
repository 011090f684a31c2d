// Whether the server keeps up with its host: the records a host makes at most, how fast the server takes over a spool of them, and how long records
// wait beside half of that load. Writes INGEST.md. Usage: npm run bench:ingest [-- --quick] [--no-write] [--tree FOLDER]
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openHome, root } from "../home.mjs";
import { fastapi } from "../peers/fastapi.mjs";
import { environmentOf } from "../peers/start-peer.mjs";
import { busyCores } from "../processes.mjs";
import { runLoad } from "../run-load.mjs";
import { deploy, services } from "../services.mjs";
import { makeWorkloads } from "../workloads.mjs";
import { serverOf, takenBy, watchControlPlane } from "./control-plane.mjs";
import { measureLag } from "./lag.mjs";
import { reportIngest } from "./report.mjs";

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, "no-write": { type: "boolean" }, tree: { type: "string", default: root } },
});
const say = (line) => process.stderr.write(`${line}\n`);
const options = values.quick
  ? { quick: true, records: 100_000, lagSeconds: 15, idleSeconds: 3 }
  : { quick: false, records: 1_000_000, lagSeconds: 60, idleSeconds: 10 };

const begun = performance.now();
if (values.tree === root) execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
const workloads = await makeWorkloads(await environmentOf("fastapi", fastapi.requirements, say));
const home = await openHome(values.tree, "ingest");
try {
  const otherCores = await busyCores(2000);
  const compiled = services.find(({ name, workload }) => name === "modelyard-compiled" && workload === "digits");
  const system = await deploy(home, compiled, workloads.digits);
  const idle = await idleAnswers();
  say(`idle: models p99 ${idle.models.p99.toFixed(1)} ms`);
  const peak = await fillSpool(system, options.records);
  say(`the host's peak: ${peak.perSecond.toFixed(0)}/s; ${peak.records} records wait`);
  const drain = await measureDrain();
  say(`drain: ${drain.perSecond.toFixed(0)}/s; models p99 ${drain.control.models.p99.toFixed(1)} ms`);
  const lag = await lagAt(system, Math.round(peak.perSecond / 2));
  const seconds = (performance.now() - begun) / 1000;
  const text = reportIngest({ idle, peak, drain, lag, otherCores, seconds, quick: options.quick });
  process.stdout.write(text);
  if (!values["no-write"]) await writeFile(join(root, "bench", "INGEST.md"), text);
} finally {
  await home.down();
}

/** At a lower rate when the machine, which others may use too, cannot do this one. */
async function lagAt(system, perSecond) {
  try {
    const lag = await measureLag(system, await serverOf(home), { perSecond, seconds: options.lagSeconds });
    say(`lag at ${perSecond}/s: ${Math.max(...lag.lags).toFixed(1)} s at most`);
    return lag;
  } catch (error) {
    if (perSecond < 100) throw error;
    say(`${perSecond}/s is too much: ${error.message}`);
    return lagAt(system, Math.round(perSecond / 2));
  }
}

async function idleAnswers() {
  const control = watchControlPlane(await serverOf(home));
  await sleep(options.idleSeconds * 1000);
  return control.stop();
}

/** The server is away meanwhile: what the host can do alone, until about `records` wait. */
async function fillSpool({ port, path, key, requests }, records) {
  const load = { port, path, key, pids: [], requests: requests[1], connections: 64 };
  await runLoad({ ...load, warmUpMs: 2000, measureMs: 1000 });
  const { pid } = await serverOf(home);
  process.kill(pid, "SIGTERM");
  await sleep(2000);
  let found = { records: 0, seconds: 0, wrong: 0 };
  while (found.records < records) {
    const sample = await runLoad({ ...load, warmUpMs: 0, measureMs: 5000 });
    found = {
      records: found.records + sample.requests,
      seconds: found.seconds + 5,
      wrong: found.wrong + sample.wrong,
    };
    say(`host: ${sample.perSecond.toFixed(0)}/s, ${found.records} records wait`);
  }
  return { ...found, perSecond: found.records / found.seconds };
}

/** From the first record that the server takes over to the last. */
async function measureDrain() {
  await home.modelyard("server", "start");
  const server = await serverOf(home);
  const control = watchControlPlane(server);
  const first = { ...(await takenBy(server)), at: performance.now() };
  let last = first;
  while (last.waiting > 0) {
    await sleep(100);
    last = { ...(await takenBy(server)), at: performance.now() };
  }
  const records = last.taken - first.taken;
  const seconds = (last.at - first.at) / 1000;
  return { records, seconds, perSecond: records / seconds, control: await control.stop() };
}
