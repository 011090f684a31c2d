// The benchmarks: scoring beside a bare node:http server, `up` with a changed model, memory at rest. Writes RESULTS.md.
// Usage: node bench/run.mjs [throughput] [up] [memory] [--quick] [--against CHECKOUT] [--no-write]
// --against measures another checkout of Modelyard in the same rounds.
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { digits, openHome, root } from "./home.mjs";
import { measureMemory } from "./memory.mjs";
import { report } from "./report.mjs";
import { measureThroughput } from "./throughput.mjs";
import { measureUp } from "./up.mjs";

const thorough = { rounds: 3, compileMs: 3_000, warmUpMs: 500, measureMs: 2500, runs: 5, idleMs: 30_000 };
const quick = { rounds: 1, compileMs: 1_000, warmUpMs: 200, measureMs: 500, runs: 2, idleMs: 3_000 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean" }, against: { type: "string" }, "no-write": { type: "boolean" } },
});
const parts = positionals.length === 0 ? ["throughput", "up", "memory"] : positionals;
const say = (line) => process.stderr.write(`${line}\n`);
const options = { ...(values.quick ? quick : thorough), say };
const trees = [{ name: "modelyard", tree: root }];
if (values.against !== undefined) trees.push({ name: "against", tree: resolve(values.against) });

const begun = performance.now();
const services = [];
try {
  for (const { name, tree } of trees) {
    execFileSync(process.execPath, [join(tree, "scripts", "build.mjs")], { stdio: "inherit" });
    const home = await openHome(tree, name);
    say(`${name}: up`);
    const service = { name, home, done: null };
    services.push(service);
    service.done = (await home.up(digits)).done;
  }
  const [{ home }] = services;
  // at rest first: what a load leaves in a heap is not what an idle service needs
  const memory = parts.includes("memory") ? await measureMemory(home, options) : undefined;
  const throughput = parts.includes("throughput") ? await measureThroughput(services, options) : undefined;
  const up = parts.includes("up") ? await measureUp(home, options) : undefined;
  const seconds = (performance.now() - begun) / 1000;
  const text = report({ memory, throughput, up, options, seconds, quick: values.quick });
  process.stdout.write(text);
  if (!values["no-write"]) await writeFile(join(root, "bench", "RESULTS.md"), text);
} finally {
  for (const { home } of services) await home.down();
}
