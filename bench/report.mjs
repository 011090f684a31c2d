// The results as Markdown.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import { root } from "./home.mjs";

export const mebibytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const seconds = (ms) => (ms / 1000).toFixed(2);
export const number = (value) => Math.round(value).toLocaleString("en-US");

export function report(results) {
  const { memory, throughput, up, recording, coldStart, goals } = results;
  const sections = [heading("Benchmarks", "npm run bench", results)];
  if (goals.some(({ found }) => Number.isFinite(found))) sections.push(goalsSection(goals));
  if (throughput !== undefined) sections.push(throughputSection(throughput, results.options));
  if (recording !== undefined) sections.push(recordingSection(recording));
  if (coldStart !== undefined) sections.push(startSection(coldStart, results.peers));
  if (up !== undefined) sections.push(upSection(up));
  if (memory !== undefined) sections.push(memorySection(memory, results.options));
  return `${sections.join("\n\n")}\n`;
}

/** What was run, when, for how long, of which sources and on what machine. */
export function heading(title, command, { seconds: took, quick }) {
  const git = (...args) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
  const commit = `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "src", "python") === "" ? "" : " with changes"}`;
  const [cpu] = cpus();
  return `# ${title}

\`${command}\`${quick ? " `--quick`" : ""}, ${new Date().toISOString().slice(0, 16)}Z, ${took.toFixed(0)} s, commit ${commit}.
Machine: ${cpus().length} cores (${cpu.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.versions.node}.
Load average at the end (1, 5, 15 minutes): ${loadavg()
    .map((value) => value.toFixed(1))
    .join(", ")}.`;
}

function goalsSection(goals) {
  const value = (found) => (Number.isFinite(found) ? found.toFixed(2) : "not measured");
  const lines = goals.map(({ goal, limit, found, reached }) => {
    const verdict = Number.isFinite(found) ? (reached ? "yes" : "**no**") : "";
    return `| ${goal} | ${limit} | ${value(found)} | ${verdict} |`;
  });
  return `## Goals

| figure | goal | here | reached |
|---|--:|--:|---|
${lines.join("\n")}`;
}

function throughputSection({ entries, otherCores }, { rounds, measureMs, recordedMs, warmUpMs }) {
  const order = ({ workload, rows, connections, perSecond }) => [workload, rows, connections, -perSecond.median];
  const sorted = [...entries].sort((a, b) => compare(order(a), order(b)));
  const rows = sorted.map((entry) => {
    const bare = entries.find(
      ({ system, workload, rows: some, connections }) =>
        system === "node:http" &&
        workload === entry.workload &&
        some === entry.rows &&
        connections === entry.connections,
    );
    const { median, least, most, n } = entry.perSecond;
    const cells = [
      entry.workload,
      entry.rows,
      entry.connections,
      entry.system,
      number(median),
      `${number(least)}–${number(most)}`,
      n,
      (median / bare.perSecond.median).toFixed(2),
      entry.p50.toFixed(2),
      entry.p99.toFixed(2),
      entry.hotCpuMs.toFixed(3),
      entry.otherCpuMs.toFixed(3),
      entry.clientCpuMs.toFixed(3),
      mebibytes(entry.pss),
      entry.wrong,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `## Scoring

Services of Modelyard with key authentication, metrics and recording of every request, beside peers and a bare \`node:http\`
server that parses the same body with \`JSON.parse\` and answers a canned text. Closed loop, kept-alive connections,
${rounds} interleaved rounds of ${measureMs} ms after ${warmUpMs} ms of warm-up (Modelyard: ${recordedMs} ms, so that its server takes records over several
times meanwhile); medians over n rounds, the range of req/s beside.
Names that end in -1 and -2 tell the number of workers of a peer, or -2 that Modelyard's host has two fronts.
CPU is ms a request of the processes that answer; of Modelyard's server, which takes in the records meanwhile; of the client.
PSS in MiB is that of the processes that answer, the highest seen; for Modelyard it holds the workers of all services of the run.
Every answer of Modelyard is compared with scikit-learn's; every body of a peer was, before the run.

| model | rows | connections | system | req/s | range | n | x node:http | p50 ms | p99 ms | CPU | server | client | PSS | wrong |
|---|--:|--:|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}

What to distrust: client, server, host and worker share the cores, and nothing is pinned to one, so req/s of a system of
several processes falls more than node:http's when anything else runs; here other processes used
${otherCores.median.toFixed(2)} cores meanwhile (median of the samples; ${otherCores.least.toFixed(2)}–${otherCores.most.toFixed(2)}). CPU a request is steadier than req/s,
but counted in ticks of 10 ms and made larger by a busy neighbour's use of the caches. Ratios that differ by less than 1.3 between two
runs mean nothing. p99 over seconds shows the machine's hiccups as much as ours. The canned server does no authentication, no
recording and no prediction: it is a yardstick, not a peer. Peers write no log of requests where they can be told so. What stands as wrong
for azureml are the connections that it closes behind each answer.`;
}

function compare(a, b) {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index === -1 ? 0 : a[index] < b[index] ? -1 : 1;
}

function recordingSection({ pairs, mean, median, low, high }) {
  return `## What recording costs

One row, 16 connections, the same model in two services of one host, ${pairs} alternating pairs: **${mean.toFixed(1)} %** more CPU a request of host and
worker with every request recorded than with none (95 % interval ${low.toFixed(1)} to ${high.toFixed(1)}; median ${median.toFixed(1)}). A service that does not record still
counts every request in its spool.`;
}

function startSection(coldStart, peers = []) {
  const ours = [
    ["modelyard", coldStart.python],
    ["modelyard-compiled", coldStart.compiled],
  ].map(([name, ms]) => `| ${name} | digits | ${seconds(ms)} | |`);
  const theirs = peers.map(
    ({ name, workload, coldStartMs, pss }) => `| ${name} | ${workload} | ${seconds(coldStartMs)} | ${mebibytes(pss)} |`,
  );
  return `## Cold start

From the start of the process to the first right answer, the environment present: for Modelyard that of a host with this service alone, the median
of several; for a peer one start. PSS is that of a peer's processes after the answer.

| system | model | seconds | PSS MiB |
|---|---|--:|--:|
${[...ours, ...theirs].join("\n")}`;
}

function upSection({ wallMs, otherCores, phases }) {
  const lines = phases.map(
    ({ name, ms }) => `| ${name} | ${number(ms.median)} | ${number(ms.least)}–${number(ms.most)} |`,
  );
  return `## \`up\` with a changed model

The environment stands; each run has a freshly trained pickle. From the start of \`modelyard up\` to its exit, which comes after the first answered
sample request: **${seconds(wallMs.median)} s** (median of ${wallMs.n}, ${seconds(wallMs.least)}–${seconds(wallMs.most)}). Goal: under 3 s.
Most of it is Python importing scikit-learn. In the second before each run other processes used ${otherCores.median.toFixed(2)} cores (median; ${otherCores.least.toFixed(2)}–${otherCores.most.toFixed(2)}).

| phase | ms | range |
|---|--:|---|
${lines.join("\n")}`;
}

function memorySection({ server, host, supervisor, worker, pss, rss, others }, { idleMs }) {
  return `## Memory at rest

PSS ${idleMs / 1000} s after the start with one service: **${mebibytes(pss)} MiB** without the worker (goal: under 160 MB): server ${mebibytes(server.pss)},
host ${mebibytes(host.pss)}, supervisor ${mebibytes(supervisor.pss)}; the worker with scikit-learn has ${mebibytes(worker.pss)}.
With every shared page counted in full (RSS), which is more than the three could ever take: ${mebibytes(rss)} MiB.
PSS divides shared pages among those that map them; other processes of Node that ran: ${others.length}.`;
}
