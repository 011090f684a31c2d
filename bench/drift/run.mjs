// False alarms and power of the tests and the default policy beside the real Evidently, and the cost of profiles. Writes DRIFT.md.
// Usage: npm run bench:drift [-- --quick] [--fresh] [--no-write]
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { root } from "../home.mjs";
import { bundleStatistics } from "./bundle.mjs";
import { openPieces } from "./pieces.mjs";
import { powers } from "./power.mjs";
import { reportDrift } from "./report.mjs";
import { alarms } from "./trials.mjs";

// Trials by number of rows, and how many of them Evidently is asked about: it takes a second and more for one of ten columns.
const thorough = {
  undrifted: { 100: [1000, 30], 200: [500, 30], 500: [500, 30], 1000: [500, 30], 2000: [300, 20], 10000: [100, 10] },
  shifted: { 500: [300, 30], 1000: [300, 30], 2000: [200, 20] },
  power: { 200: 1000, 500: 1000, 1000: 1000, 2000: 500 },
  rows: 1_000_000,
};
const quick = {
  undrifted: { 100: [100, 10], 1000: [50, 10] },
  shifted: { 500: [50, 10] },
  power: { 500: 200 },
  rows: 50_000,
};

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, fresh: { type: "boolean" }, "no-write": { type: "boolean" } },
});
const say = (line) => process.stderr.write(`${line}\n`);
const options = values.quick ? quick : thorough;

async function measureScale(module, rows) {
  const folder = await mkdtemp(join(tmpdir(), "modelyard-drift-"));
  try {
    const program = join(root, "bench", "drift", "scale.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [program, module, folder, String(rows)]);
    return { ...JSON.parse(stdout), load: loadavg() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const begun = performance.now();
const module = await bundleStatistics();
const statistics = await import(module);
const here = (name) => join(root, "bench", "drift", name);
const sources = [module, ...["ask_evidently.py", "power.mjs", "scale.mjs", "trials.mjs"].map(here)];
const piece = await openPieces(sources, { fresh: values.fresh, say });

const scale = await piece("scale", { rows: options.rows }, () => measureScale(module, options.rows));
const power = [];
for (const kind of ["number", "category"])
  for (const [n, trials] of Object.entries(options.power)) {
    const task = { task: "each", kind, n: Number(n), trials, seed: Number(n) };
    power.push(await piece("power", task, () => powers(statistics, task, say)));
  }
const found = { undrifted: [], shifted: [] };
for (const name of Object.keys(found))
  for (const [n, [trials, asked]] of Object.entries(options[name])) {
    const task = { task: name, n: Number(n), trials, asked, seed: Number(n) };
    found[name].push(await piece(name, task, () => alarms(statistics, task, say)));
  }
const seconds = (performance.now() - begun) / 1000;
const text = reportDrift({ ...found, power, scale, seconds, quick: values.quick });
process.stdout.write(text);
if (!values["no-write"]) await writeFile(join(root, "bench", "DRIFT.md"), text);
