// Scoring throughput and latency beside a bare node:http server, in interleaved rounds.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cannedAnswer } from "./canned-answer.mjs";
import { digits, processesOf, root } from "./home.mjs";
import { runLoad } from "./run-load.mjs";
import { median, summary } from "./statistics.mjs";

const loads = [1, 64].flatMap((rows) => [1, 16, 64].map((connections) => ({ rows, connections })));
/** Different bodies in rotation, as no client sends the same row for ever. */
const bodiesOf = { 1: 64, 64: 4 };

/**
 * Measures services and the bare server at every load. `services` are { name, home, done } of `up`.
 * Gives one entry per load and system with medians over the rounds, and what else used the machine meanwhile.
 */
export async function measureThroughput(services, { rounds, compileMs, warmUpMs, measureMs, say }) {
  const bare = await startBareServer();
  try {
    const systems = [...(await Promise.all(services.map(serviceSystem))), bare.system];
    for (const system of systems) await checkAnswers(system);
    say("every answer is right; warming up");
    // until the hot code is compiled; that work would count as the first round's
    for (const system of systems) await measure(system, { rows: 1, connections: 64 }, compileMs, 100);
    const samples = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const load of loads) {
        for (const system of systems) {
          const sample = await measure(system, load, warmUpMs, measureMs);
          samples.push({ system: system.name, ...load, ...sample });
          const { perSecond, p50, p99 } = sample;
          const at = `${load.rows} rows, ${load.connections} connections`;
          say(
            `round ${round}: ${system.name}, ${at}: ${perSecond.toFixed(0)}/s, ${p50.toFixed(2)} / ${p99.toFixed(2)} ms`,
          );
        }
      }
    }
    return {
      entries: systems.flatMap(({ name }) => loads.map((load) => summarise(samples, name, load))),
      otherCores: summary(samples.map((sample) => sample.otherCores)),
    };
  } finally {
    bare.stop();
  }
}

function summarise(samples, system, { rows, connections }) {
  const own = samples.filter(
    (sample) => sample.system === system && sample.rows === rows && sample.connections === connections,
  );
  const medianOf = (member) => median(own.map((sample) => sample[member]));
  return {
    system,
    rows,
    connections,
    perSecond: summary(own.map((sample) => sample.perSecond)),
    p50: medianOf("p50"),
    p99: medianOf("p99"),
    hotCpuMs: median(own.map(({ cpuMs }) => cpuMs[0] + (cpuMs[1] ?? 0))),
    hostCpuMs: median(own.map(({ cpuMs }) => cpuMs[0])),
    serverCpuMs: median(own.map(({ cpuMs }) => cpuMs[2] ?? 0)),
    clientCpuMs: medianOf("clientCpuMs"),
    wrong: own.reduce((sum, sample) => sum + sample.wrong, 0),
  };
}

async function startBareServer() {
  const child = spawn(process.execPath, [join(root, "bench", "bare-server.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const requests = {};
  for (const [rows, bodies] of Object.entries(await requestBodies())) {
    requests[rows] = bodies.map((body) => ({ body, answer: cannedAnswer(Number(rows)) }));
  }
  const system = { name: "node:http", port: Number(line), path: "/", key: null, pids: [child.pid], requests };
  return { system, stop: () => child.kill() };
}

/** A service as a target of load, with the answers scikit-learn itself gives to its bodies. */
async function serviceSystem({ name, home, done }) {
  const { host, worker, server } = await processesOf(home);
  const bodies = await requestBodies();
  const answers = await predictions(await home.wanted(), bodies);
  const requests = {};
  for (const rows of Object.keys(bodies)) {
    requests[rows] = bodies[rows].map((body, index) => ({ body, answer: answers[rows][index] }));
  }
  const url = new URL(done.scoringUri);
  return { name, port: Number(url.port), path: url.pathname, key: done.key, pids: [host, worker, server], requests };
}

/** JSON bodies of held-back digits, by their number of rows. */
async function requestBodies() {
  const { data } = JSON.parse(await readFile(join(digits, "holdout.json"), "utf8"));
  const cut = (rows) =>
    Array.from({ length: bodiesOf[rows] }, (_, index) =>
      JSON.stringify({ data: data.slice(index * rows, (index + 1) * rows) }),
    );
  return { 1: cut(1), 64: cut(64) };
}

const predictScript = `
import json, os, pickle, sys
folder, bodies = sys.argv[1], json.load(sys.stdin)
with open(os.path.join(folder, os.listdir(folder)[0]), "rb") as file:
    model = pickle.load(file)
labels = lambda body: json.dumps(model.predict([[float(v) for v in row] for row in json.loads(body)["data"]]).tolist(), separators=(",", ":"))
print(json.dumps({rows: [labels(body) for body in some] for rows, some in bodies.items()}))
`;

/** What the model answers in the service's own environment, without any of our code. */
async function predictions(wanted, bodies) {
  const { python, models } = wanted.services[0].revisions[0];
  const running = promisify(execFile)(python, ["-c", predictScript, models[0].path], { maxBuffer: 1 << 26 });
  running.child.stdin.end(JSON.stringify(bodies));
  return JSON.parse((await running).stdout);
}

/** Throws when one body gets another answer than expected. */
async function checkAnswers({ name, port, path, key, requests }) {
  const headers = { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  for (const { body, answer } of Object.values(requests).flat()) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body });
    const text = await response.text();
    if (response.status !== 200 || text !== answer) {
      throw new Error(`${name} answers ${response.status} ${text.slice(0, 100)}, not ${answer.slice(0, 100)}`);
    }
  }
}

function measure({ port, path, key, pids, requests }, { rows, connections }, warmUpMs, measureMs) {
  return runLoad({ port, path, key, pids, requests: requests[rows], connections, warmUpMs, measureMs });
}
