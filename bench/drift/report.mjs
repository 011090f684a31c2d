// The results of the benchmarks of drift as Markdown.
import { heading, mebibytes, number } from "../report.mjs";

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? "---" : "--:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

export function reportDrift(results) {
  const { undrifted, shifted, power, scale, options } = results;
  const sections = [
    heading("Drift beside Evidently", "npm run bench:drift", results),
    undriftedSection(undrifted),
    shiftedSection(shifted),
    powerSection(power, options),
    scaleSection(scale),
  ];
  return `${sections.join("\n\n")}\n`;
}

function undriftedSection(found) {
  const columns = Object.keys(found[0].columns);
  const over = (entry, member) => mean(columns.map((column) => entry.columns[column][member]));
  const worst = (entry, member) => {
    const [share, column] = columns
      .map((column) => [entry.columns[column][member], column])
      .sort((a, b) => b[0] - a[0])[0];
    return share === 0 ? "none" : `${column} ${percent(share)}`;
  };
  const rows = found.map((entry) => [
    number(entry.n),
    entry.trials,
    percent(over(entry, "differs")),
    percent(over(entry, "signals")),
    worst(entry, "differs"),
    percent(over(entry, "evidently")),
    worst(entry, "evidently"),
  ]);
  const head = ["rows", "trials", "ours", "our signals", "our worst column", "Evidently", "its worst column"];
  return `## False alarms

Share of column-windows that alarm when nothing drifts: ${columns.length} columns (${columns.join(", ")}), baseline and window of as many rows
of the same distributions. Ours is the default policy in a single window; it takes two of three to call a column drifting. Evidently 0.7.23 with its defaults. Goal: at most 5 %.

${table(head, rows)}`;
}

function shiftedSection(found) {
  const rows = found.map(({ n, trials, columns }) => {
    const numbers = Object.keys(columns).filter((column) => column !== "category");
    const of = (member) => mean(numbers.map((column) => columns[column][member]));
    return [
      number(n),
      trials * numbers.length,
      percent(of("differs")),
      percent(of("evidently")),
      percent(columns.category.differs),
      percent(columns.category.evidently),
    ];
  });
  const head = ["rows", "windows", "ours, 0.2 sd", "Evidently, 0.2 sd", "ours, categories", "Evidently, categories"];
  return `## What the default policy finds

The policy as it is, of eight normal columns moved by 0.2 standard deviations and one of four categories whose shares went from 40, 30, 20, 10 % to 34, 29, 23, 14 %, in a single window.
Evidently's alarms on categories hold its false ones: the table above shows how many those are.

${table(head, rows)}`;
}

function powerSection(found, { powerTrials }) {
  const part = (kind) => {
    const entries = found.filter((entry) => entry.kind === kind);
    const names = entries[0].tests.map(({ test }) => test);
    const rows = names.map((name, i) => [`\`${name}\``, ...entries.map(({ tests }) => percent(tests[i].power))]);
    return table(["test", ...entries.map(({ n }) => `n = ${number(n)}`)], rows);
  };
  return `## Each test alone

Share found of the same changes when each test's threshold is where it alarms on 5 % of undrifted windows; ${number(powerTrials)} windows each, baseline and window of n rows. Evidently's defaults are
\`ks:limit\` up to 1,000 rows and \`wasserstein:evidently\` above.

${part("number")}

${part("category")}`;
}

function scaleSection({
  rows,
  counted,
  bytes,
  compared,
  baselineMs,
  ingestMs,
  ingestCpuMs,
  reportMs,
  reportCpuMs,
  peakBytes,
}) {
  const lines = [
    ["a baseline of 20,000 rows", `${(baselineMs / 1000).toFixed(1)} s`, ""],
    [
      `JSON decoded (${mebibytes(bytes)} MiB), profiled and kept`,
      `${(ingestMs / 1000).toFixed(1)} s (CPU ${(ingestCpuMs / 1000).toFixed(1)} s)`,
      "60 s",
    ],
    [
      `report of ${compared} column-windows over existing profiles`,
      `${(reportMs / 1000).toFixed(2)} s (CPU ${(reportCpuMs / 1000).toFixed(2)} s)`,
      "1 s",
    ],
    ["greatest memory of the process", `${mebibytes(peakBytes)} MiB`, "1 GB"],
  ];
  return `## 100 columns of ${number(rows)} rows

As ingest does it, in its one thread: requests of 100 rows (90 columns of numbers, 10 of categories) are decoded, profiled and written to SQLite in transactions of 4 MiB.
${number(counted)} of ${number(rows)} rows are in the report.

${table(["", "here", "goal"], lines)}`;
}
