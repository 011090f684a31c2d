// The results of the registry's benchmarks as Markdown.
import { heading, mebibytes, number } from "../report.mjs";

export function reportRegistry(results) {
  const { writes, transfer, pages, options } = results;
  const sections = [
    heading("The registry beside MLflow", "npm run bench:registry", results),
    writesSection(writes, options),
    pagesSection(pages, options),
    transferSection(transfer),
  ];
  return `${sections.join("\n\n")}\n`;
}

const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

function writesSection({ entries, otherCores }, { rounds, measureMs }) {
  const rows = entries.map(({ load, system, perSecond, p50, p99, cpuMs }) => {
    const peer = entries.find((other) => other.load === load && other.system !== "modelyard");
    return [
      load,
      system,
      number(perSecond.median),
      `${number(perSecond.least)}–${number(perSecond.most)}`,
      `${(perSecond.median / peer.perSecond.median).toFixed(1)}`,
      p50.toFixed(1),
      p99.toFixed(1),
      cpuMs.toFixed(2),
    ];
  });
  const head = ["load", "system", "a second", "range", "x MLflow", "p50 ms", "p99 ms", "CPU ms"];
  return `## Writes and aliases

The same requests of MLflow's REST API to both, each on SQLite: Modelyard with a token to check, an event and a history entry for
every version, and a synced commit; \`mlflow server\` with its own number of workers and no authentication. ${rounds} rounds of ${measureMs} ms
in turns, medians. CPU is that of all processes of the server, a request. Every answer had status 200.
Goals: ten times as many versions, twenty times as many aliases. Other processes used ${otherCores.median.toFixed(2)} cores meanwhile (median; up to ${otherCores.most.toFixed(2)}).

${table(head, rows)}`;
}

function pagesSection({ all, byFilter, mlflow }, { many, few }) {
  const rows = byFilter.map(({ filter, few: small, many: large }) => [
    filter === "" ? "none" : `\`${filter}\``,
    number(large.rows),
    large.p50.toFixed(1),
    large.p99.toFixed(1),
    number(small.rows),
    small.p50.toFixed(1),
    small.p99.toFixed(1),
  ]);
  const head = ["filter", `rows of ${number(many)}`, "p50 ms", "p99 ms", `rows of ${number(few)}`, "p50 ms", "p99 ms"];
  const full = byFilter.filter((entry) => entry.few.rows > 99 && entry.many.rows > 99);
  const ratio = Math.max(...full.map((entry) => entry.many.p50 / entry.few.p50));
  return `## Pages of a search

\`GET /api/v1/models\`, 100 versions a page without a total, in every order of \`created_at\`, \`updated_at\`, \`name\` and \`version\`, pages spread over the
whole list, two servers asked in turns. Among ${number(many)} versions: **p99 ${all.many.p99.toFixed(1)} ms** over ${number(all.many.n)} pages (p50 ${all.many.p50.toFixed(1)}, longest ${all.many.most.toFixed(1)}); among
${number(few)}: p99 ${all.few.p99.toFixed(1)} ms (p50 ${all.few.p50.toFixed(1)}). Where both pages are full the p50 among many is at most ${ratio.toFixed(2)} times that among few.
Goals: p99 under 50 ms, at most twice. MLflow's search of the same ${number(many)} versions, 100 a page, first pages of ${mlflow.searches.length} searches: p50 ${mlflow.p50.toFixed(1)} ms, longest ${mlflow.most.toFixed(1)} ms.

${table(head, rows)}`;
}

function transferSection({ bytes, memory, seconds }) {
  const names = {
    copy: "`cp`, `sync` and `sha256sum` of the file",
    upload: "`modelyard model register FILE`",
    download: "`modelyard model download`, verified",
    mlflowUpload: "one PUT to MLflow's artifact proxy, not hashed, not synced",
  };
  const rows = Object.entries(names).map(([key, name]) => {
    const { median, least, most } = seconds[key];
    return [
      name,
      median.toFixed(2),
      `${least.toFixed(2)}–${most.toFixed(2)}`,
      number(bytes / 1e6 / median),
      `${Math.round((100 * seconds.copy.median) / median)} %`,
    ];
  });
  return `## ${number(bytes / 1e6)} MB in and out

The whole command: start, hashing on this side, sending, hashing and syncing on the other. Medians of ${seconds.copy.n} rounds in turns, fresh random bytes in each.
Goal: an upload at 60 % of the speed of copying, syncing and hashing. The server's resident memory was ${mebibytes(memory.before)} MiB before and at most ${mebibytes(memory.most)} MiB meanwhile.

${table(["way", "seconds", "range", "MB/s", "speed of copying"], rows)}`;
}
