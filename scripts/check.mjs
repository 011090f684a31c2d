// Every check that needs no running server, two at once, one line each; the output of those that fail comes last.
// Usage: node scripts/check.mjs           exits with 1 when a check fails
import { spawn } from "node:child_process";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = (name) => join(root, "node_modules", ".bin", name);

/** Shell programs; each is read by the shell its first line names. */
async function shellPrograms() {
  const scripts = (await readdir(join(root, "scripts"))).filter((name) => name.endsWith(".sh"));
  const candidates = ["modelyard", ".ci/run", ...scripts.map((name) => `scripts/${name}`)];
  const there = await Promise.all(
    candidates.map((path) =>
      access(join(root, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => there[index]);
}

const checks = [
  ["types", [tool("tsc"), "--noEmit"]],
  ["types of the pages", [tool("tsc"), "--noEmit", "-p", "web"]],
  ["lint and format", [tool("biome"), "check", "--error-on-warnings", "."]],
  ["import rules", [tool("depcruise"), "--config", ".dependency-cruiser.cjs", "src", "web/src"]],
  ["unused code", [tool("knip"), "--no-config-hints"]],
  ["generated files", [process.execPath, "scripts/gen.mjs", "--check"]],
  ...(await shellPrograms()).map((path) => [`syntax of ${path}`, ["sh", "-n", path]]),
];

/** Runs a command to its end; gives whether it succeeded and all it printed. */
function run([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    child.once("error", (error) => resolve({ ok: false, output: error.message }));
    child.once("close", (code) => resolve({ ok: code === 0, output }));
  });
}

const failures = [];
const waiting = [...checks];
async function runWaiting() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const [name, argv] = check;
    const begun = performance.now();
    const { ok, output } = await run(argv);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    process.stdout.write(`${ok ? "ok    " : "FAILED"}  ${name} (${seconds} s)\n`);
    if (!ok) failures.push({ name, output });
  }
}
// as many at once as the smallest machine has cores
await Promise.all([runWaiting(), runWaiting()]);
for (const { name, output } of failures) process.stderr.write(`\n--- ${name}\n${output.trim()}\n`);
process.stdout.write(`${checks.length - failures.length} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
