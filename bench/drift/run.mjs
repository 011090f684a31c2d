// False alarms and power of the tests and the default policy beside the real Evidently, and the cost of profiles. Writes DRIFT.md.
// Usage: npm run bench:drift [-- --quick] [--no-write]
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { root } from "../home.mjs";
import { bundleStatistics } from "./bundle.mjs";
import { powers } from "./power.mjs";
import { reportDrift } from "./report.mjs";
import { alarms } from "./trials.mjs";

// Evidently takes a second and more for a trial of ten columns.
const thorough = {
  undrifted: { 100: 30, 200: 30, 500: 20, 1000: 20, 2000: 10, 10000: 3 },
  shifted: { 500: 15, 1000: 15, 2000: 6 },
  powerTrials: 300,
  rows: 1_000_000,
};
const quick = { undrifted: { 100: 20, 1000: 10 }, shifted: { 500: 10 }, powerTrials: 100, rows: 50_000 };

const { values } = parseArgs({ options: { quick: { type: "boolean" }, "no-write": { type: "boolean" } } });
const say = (line) => process.stderr.write(`${line}\n`);
const options = values.quick ? quick : thorough;

async function measureScale(module, rows) {
  say(`100 columns of ${rows} rows`);
  const folder = await mkdtemp(join(tmpdir(), "modelyard-drift-"));
  try {
    const program = join(root, "bench", "drift", "scale.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [program, module, folder, String(rows)]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ask(statistics, task, trialsBySize) {
  const found = [];
  for (const [n, trials] of Object.entries(trialsBySize))
    found.push(await alarms(statistics, { task, n: Number(n), trials, seed: Number(n) }, say));
  return found;
}

const begun = performance.now();
const module = await bundleStatistics();
const statistics = await import(module);
// At once: times are then those of a busy machine, and the CPU of each is told beside them.
const [scale, undrifted, shifted] = await Promise.all([
  measureScale(module, options.rows),
  ask(statistics, "undrifted", options.undrifted),
  ask(statistics, "shifted", options.shifted),
]);
say("power of each test");
const sizes = [200, 500, 1000, 2000];
const power = ["number", "category"].flatMap((kind) =>
  sizes.map((n) => ({ kind, n, tests: powers(statistics, kind, n, options.powerTrials) })),
);
const seconds = (performance.now() - begun) / 1000;
const text = reportDrift({ undrifted, shifted, power, scale, options, seconds, quick: values.quick });
process.stdout.write(text);
if (!values["no-write"]) await writeFile(join(root, "bench", "DRIFT.md"), text);
