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

const thorough = {
  undrifted: { 100: 100, 200: 100, 500: 60, 1000: 40, 2000: 30, 10000: 8 },
  shifted: { 200: 40, 500: 40, 1000: 40, 2000: 30, 10000: 6 },
  powerTrials: 1000,
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
const scale = await measureScale(module, options.rows);
const undrifted = await ask(statistics, "undrifted", options.undrifted);
const shifted = await ask(statistics, "shifted", options.shifted);
say("power of each test");
const sizes = [200, 500, 1000, 2000];
const power = ["number", "category"].flatMap((kind) =>
  sizes.map((n) => ({ kind, n, tests: powers(statistics, kind, n, options.powerTrials) })),
);
const seconds = (performance.now() - begun) / 1000;
const text = reportDrift({ undrifted, shifted, power, scale, options, seconds, quick: values.quick });
process.stdout.write(text);
if (!values["no-write"]) await writeFile(join(root, "bench", "DRIFT.md"), text);
