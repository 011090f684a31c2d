// Scoring throughput and latency of services, peers and a bare node:http server, in interleaved rounds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { cannedAnswer } from "./canned-answer.mjs";
import { root } from "./home.mjs";
import { memoryOf } from "./processes.mjs";
import { runLoad } from "./run-load.mjs";
import { median, summary } from "./statistics.mjs";

const loads = {
  digits: [1, 64].flatMap((rows) => [1, 16, 64].map((connections) => ({ rows, connections }))),
  forest: [1, 64].map((rows) => ({ rows, connections: 16 })),
};

/**
 * Measures systems, each at every load of its workload. A system is `{ name, workload, port, path, key, hot(), others(), requests }`: `hot` are the pids that
 * answer, `requests` are lists of `{ body, answer? }` by rows; an answer without `answer` is right when its status is 200.
 * Gives one entry for each load and system with medians over the rounds, and what else used the machine meanwhile.
 */
export async function measureThroughput(systems, { rounds, compileMs, warmUpMs, measureMs, recordedMs, say }) {
  // until the hot code is compiled; that work would count as the first round's
  for (const system of systems) await measure(system, { rows: 1, connections: 16 }, compileMs, 100);
  const samples = [];
  const plan = Object.entries(loads).flatMap(([workload, some]) => some.map((load) => ({ workload, load })));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { workload, load } of plan) {
      for (const system of systems.filter((one) => one.workload === workload)) {
        const sample = await measure(system, load, warmUpMs, system.settle ? recordedMs : measureMs);
        samples.push({ workload, system: system.name, ...load, ...sample });
        const { perSecond, p50, p99 } = sample;
        const at = `${workload}, ${load.rows} rows, ${load.connections} connections`;
        say(
          `round ${round}: ${system.name}, ${at}: ${perSecond.toFixed(0)}/s, ${p50.toFixed(2)} / ${p99.toFixed(2)} ms`,
        );
      }
    }
  }
  const entries = systems.flatMap(({ name, workload }) =>
    loads[workload].map((load) => summarise(samples, name, workload, load)),
  );
  return { entries, otherCores: summary(samples.map((sample) => sample.otherCores)) };
}

function summarise(samples, system, workload, { rows, connections }) {
  const own = samples.filter(
    (sample) =>
      sample.system === system &&
      sample.workload === workload &&
      sample.rows === rows &&
      sample.connections === connections,
  );
  const medianOf = (member) => median(own.map((sample) => sample[member]));
  return {
    system,
    workload,
    rows,
    connections,
    perSecond: summary(own.map((sample) => sample.perSecond)),
    p50: medianOf("p50"),
    p99: medianOf("p99"),
    hotCpuMs: medianOf("hotCpuMs"),
    otherCpuMs: medianOf("otherCpuMs"),
    clientCpuMs: medianOf("clientCpuMs"),
    pss: Math.max(...own.map((sample) => sample.pss)),
    wrong: own.reduce((sum, sample) => sum + sample.wrong, 0),
  };
}

/** One load on one system, with the CPU time of its processes a request and their memory at its end. */
export async function measure(system, { rows, connections }, warmUpMs, measureMs) {
  const { port, path, key, requests } = system;
  const [hot, others] = [system.hot(), system.others()];
  const pids = [...hot, ...others];
  const sample = await runLoad({ port, path, key, pids, requests: requests[rows], connections, warmUpMs, measureMs });
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const pss = sum(hot.map((pid) => memoryOf(pid).pss));
  // its records would be taken in during the next one's load
  await system.settle?.();
  return {
    ...sample,
    hotCpuMs: sum(sample.cpuMs.slice(0, hot.length)),
    otherCpuMs: sum(sample.cpuMs.slice(hot.length)),
    pss,
  };
}

/** The yardstick as systems, one for each workload. */
export async function startBareServer(workloads) {
  const child = spawn(process.execPath, [join(root, "bench", "bare-server.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const systems = Object.entries(workloads).map(([workload, { requests }]) => ({
    name: "node:http",
    workload,
    port: Number(line),
    path: "/",
    key: null,
    hot: () => [child.pid],
    others: () => [],
    requests: requestsOf(requests, ({ rows }) => ({
      body: JSON.stringify({ data: rows }),
      answer: cannedAnswer(rows.length),
    })),
  }));
  return { systems, stop: () => child.kill() };
}

/** The requests of a workload by their number of rows, as a system takes them. */
export const requestsOf = (requests, make) =>
  Object.fromEntries([1, 64].map((rows) => [rows, requests(rows).map(make)]));
