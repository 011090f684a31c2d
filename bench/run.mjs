// The benchmarks: scoring beside peers and a bare node:http server, the cost of recording, cold starts, `up` with a changed model,
// memory. Writes RESULTS.md.
// Usage: node bench/run.mjs [throughput] [recording] [up] [memory] [--quick] [--no-peers] [--no-write]
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureColdStart } from "./cold-start.mjs";
import { goalsOf } from "./goals.mjs";
import { digits, openHome, root } from "./home.mjs";
import { measureMemory } from "./memory.mjs";
import { fastapi } from "./peers/fastapi.mjs";
import { environmentOf } from "./peers/start-peer.mjs";
import { startPeers } from "./peers.mjs";
import { measureRecording } from "./recording.mjs";
import { report } from "./report.mjs";
import { deploy, services, servicesOfFronts } from "./services.mjs";
import { measureThroughput, startBareServer } from "./throughput.mjs";
import { measureUp } from "./up.mjs";
import { makeWorkloads } from "./workloads.mjs";

// `recordedMs` is as `measureMs`, of what records: the server takes records over every two seconds or so, and a sample has several of its passes
const thorough = {
  ...{ rounds: 2, compileMs: 1_000, warmUpMs: 300, measureMs: 1_500, recordedMs: 6_000 },
  ...{ pairs: 10, runs: 3, idleMs: 20_000 },
};
const quick = {
  ...{ rounds: 1, compileMs: 500, warmUpMs: 200, measureMs: 500, recordedMs: 500 },
  ...{ pairs: 3, runs: 2, idleMs: 3_000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean" }, "no-peers": { type: "boolean" }, "no-write": { type: "boolean" } },
});
const parts = positionals.length === 0 ? ["throughput", "recording", "up", "memory"] : positionals;
const say = (line) => process.stderr.write(`${line}\n`);
const options = { ...(values.quick ? quick : thorough), say };

const begun = performance.now();
execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
const bin = await environmentOf("fastapi", fastapi.requirements, say);
const workloads = await makeWorkloads(bin);
const results = { options, quick: values.quick };
const ends = [];
const endAll = async () => {
  for (const end of ends.splice(0).reverse()) await end();
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void endAll().finally(() => process.exit(1)));
try {
  const home = await openHome(root, "modelyard");
  ends.push(home.down);
  // at rest first: what a load leaves in a heap is not what an idle service needs
  if (parts.includes("memory")) {
    const system = await deploy(home, services[0], workloads.digits);
    results.memory = await measureMemory(home, system, options);
  }
  if (parts.includes("up")) {
    await home.up(digits);
    results.up = await measureUp(home, join(bin, "python"), options);
  }
  if (parts.includes("throughput") || parts.includes("recording")) await measureScoring(home);
  results.seconds = (performance.now() - begun) / 1000;
  results.goals = goalsOf(results);
  const text = report(results);
  process.stdout.write(text);
  if (!values["no-write"]) await writeFile(join(root, "bench", "RESULTS.md"), text);
} finally {
  await endAll();
}

/** Azure's server with one worker, started alone and at rest as ours was, and at its largest. */
function addAzureml({ memory, peers, throughput }) {
  memory.azuremlIdle = peers?.find(({ name }) => name === "azureml-1")?.pss;
  memory.azuremlLoaded = Math.max(
    ...throughput.entries.filter(({ system }) => system === "azureml-1").map(({ pss }) => pss),
  );
}

async function deployAll(home, some) {
  const systems = [];
  for (const service of some) {
    say(`up ${service.workload}-${service.name}`);
    systems.push({ ...service, ...(await deploy(home, service, workloads[service.workload])) });
  }
  return systems;
}

async function measureScoring(home) {
  const systems = await deployAll(home, services);
  const systemOf = (name) => systems.find((system) => system.name === name && system.workload === "digits");
  if (parts.includes("recording"))
    results.recording = await measureRecording(systemOf("modelyard"), systemOf("modelyard-unrecorded"), options);
  if (!parts.includes("throughput")) return;
  results.coldStart = {
    python: await measureColdStart(home, systemOf("modelyard"), options),
    compiled: await measureColdStart(home, systemOf("modelyard-compiled"), options),
  };
  const fronts = await openHome(root, "modelyard-fronts", { MODELYARD_FRONTS: "2" });
  ends.push(fronts.down);
  systems.push(...(await deployAll(fronts, servicesOfFronts)));
  const bare = await startBareServer(workloads);
  ends.push(bare.stop);
  const measured = [...systems.filter(({ loaded }) => loaded !== false), ...bare.systems];
  if (!values["no-peers"]) {
    const peers = await startPeers(workloads, say);
    ends.push(peers.stop);
    measured.push(...peers.systems);
    results.coldStart.fastapi = peers.systems.find(({ name }) => name === "fastapi-1").coldStartMs;
    results.peers = peers.systems.map(({ name, workload, coldStartMs, pss }) => ({ name, workload, coldStartMs, pss }));
  }
  results.throughput = await measureThroughput(measured, options);
  if (results.memory !== undefined) addAzureml(results);
}
