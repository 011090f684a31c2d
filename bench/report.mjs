// The results as Markdown.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import { root } from "./home.mjs";

export const mebibytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const seconds = (ms) => (ms / 1000).toFixed(2);
export const number = (value) => Math.round(value).toLocaleString("en-US");

export function report(results) {
  const { memory, throughput, up } = results;
  const sections = [heading("Benchmarks", "npm run bench", results)];
  if (throughput !== undefined) sections.push(throughputSection(throughput, results.options));
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

function throughputSection({ entries, otherCores }, { rounds, measureMs, warmUpMs }) {
  const rows = entries.map((entry) => {
    const bare = entries.find(
      (other) => other.system === "node:http" && other.rows === entry.rows && other.connections === entry.connections,
    );
    const { median, least, most, n } = entry.perSecond;
    const cells = [
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
      entry.hostCpuMs.toFixed(3),
      entry.serverCpuMs.toFixed(3),
      entry.clientCpuMs.toFixed(3),
      entry.wrong,
    ];
    return { order: entry.rows * 1000 + entry.connections, line: `| ${cells.join(" | ")} |` };
  });
  rows.sort((a, b) => a.order - b.order);
  return `## Scoring

The digits service with key authentication and recording of every request, beside a bare \`node:http\` server in its own
process that parses the same body with \`JSON.parse\` and answers a canned text. Closed loop, kept-alive connections,
${rounds} interleaved rounds of ${measureMs} ms after ${warmUpMs} ms of warm-up; medians over n rounds, the range of req/s beside.
CPU is ms a request: hot = host + worker (for node:http its one process), of which the host; the server's is for taking in
the records meanwhile; the client's own. Every answer is compared with scikit-learn's.

| rows | connections | system | req/s | range | n | x node:http | p50 ms | p99 ms | CPU hot | host | server | client | wrong |
|--:|--:|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.map(({ line }) => line).join("\n")}

What to distrust: client, server, host and worker share the cores, and nothing is pinned to one, so req/s of a system of
several processes falls more than node:http's when anything else runs; here other processes used
${otherCores.median.toFixed(2)} cores meanwhile (median of the samples; ${otherCores.least.toFixed(2)}–${otherCores.most.toFixed(2)}). CPU a request is steadier than req/s,
but counted in ticks of 10 ms and made larger by a busy neighbour's use of the caches. Ratios that differ by less than 1.3 between two
runs mean nothing. p99 over ${measureMs} ms shows the machine's hiccups as much as ours. The canned server does no authentication, no
recording and no prediction: it is a yardstick, not a peer.`;
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
