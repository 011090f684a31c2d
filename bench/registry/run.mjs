// The benchmarks of the registry beside a real `mlflow server`. Writes REGISTRY.md.
// Usage: npm run bench:registry [-- --quick] [--no-write]
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openHome, root } from "../home.mjs";
import { startMlflow } from "./mlflow-server.mjs";
import { measureMlflowPages, measurePages } from "./pages.mjs";
import { reportRegistry } from "./report.mjs";
import { seedMlflow, seedModelyard } from "./seed.mjs";
import { measureTransfer } from "./transfer.mjs";
import { measureWritesAndAliases } from "./writes-and-aliases.mjs";

const thorough = {
  rounds: 3,
  warmUpMs: 1000,
  measureMs: 4000,
  many: 200_000,
  few: 1000,
  transferBytes: 10 ** 9,
  transferRounds: 3,
};
const quick = { ...thorough, rounds: 1, measureMs: 1000, many: 20_000, transferBytes: 10 ** 8, transferRounds: 1 };

const { values } = parseArgs({ options: { quick: { type: "boolean" }, "no-write": { type: "boolean" } } });
const say = (line) => process.stderr.write(`${line}\n`);
const options = { ...(values.quick ? quick : thorough), say };

/** A home with `count` versions whose server runs; gives also a way to ask it. */
async function startModelyard(name, count) {
  const home = await openHome(root, name);
  await home.modelyard("server", "start"); // makes the tables
  await home.down();
  seedModelyard(join(home.folder, "modelyard.db"), count);
  await home.modelyard("server", "start");
  const { url, pid } = JSON.parse(await readFile(join(home.folder, "run", "server.json"), "utf8"));
  const key = (await readFile(join(home.folder, "admin-token"), "utf8")).trim();
  return { name: "modelyard", home, port: Number(new URL(url).port), key, pid, pids: () => [pid] };
}

const begun = performance.now();
const running = [];
try {
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
  const mlflow = await startMlflow(say);
  running.push(mlflow.stop);
  const started = async (name, count) => {
    const system = await startModelyard(name, count);
    running.push(() => system.home.down());
    return system;
  };
  const empty = await started("registry-empty", 0);
  const writes = await measureWritesAndAliases([empty, mlflow], options);
  const transfer = await measureTransfer(empty.home, { pid: empty.pid, mlflow }, options);
  await empty.home.down();
  say("filling the registries");
  const systems = [await started("registry-few", options.few), await started("registry-many", options.many)];
  seedMlflow(mlflow.database, options.many);
  const pages = await measurePages(systems, options);
  pages.mlflow = await measureMlflowPages(mlflow, options);
  const seconds = (performance.now() - begun) / 1000;
  const text = reportRegistry({ writes, transfer, pages, options, seconds, quick: values.quick });
  process.stdout.write(text);
  if (!values["no-write"]) await writeFile(join(root, "bench", "REGISTRY.md"), text);
} finally {
  for (const stop of running) await stop();
}
