// The test command: checks, the vitest suites, and the worker's own suite on every Python found. The last line is
// `N passed, N failed, N skipped`; every skip is told with its reason. With --faults: only the fault runs, with their full counts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = process.argv.includes("--faults");
const scratch = mkdtempSync(join(tmpdir(), "modelyard-tests-"));
const totals = { passed: 0, failed: 0, skipped: 0 };

function add(name, { passed = 0, failed = 0, skipped = 0 }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}

const run = (file, args, options = {}) => spawnSync(file, args, { cwd: root, encoding: "utf8", ...options });

function checks() {
  const { status } = run("node", ["scripts/check.mjs"], { stdio: "inherit" });
  add("checks", status === 0 ? { passed: 1 } : { failed: 1 });
}

function vitest() {
  const report = join(scratch, "vitest.json");
  const args = [
    "vitest",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...(faults ? ["test/faults"] : []),
  ];
  const env = { ...process.env, ...(faults ? { MODELYARD_FAULTS: "full" } : {}) };
  const { status } = run("npx", ["--no-install", ...args], { stdio: "inherit", env });
  if (!existsSync(report)) return add("vitest", { failed: 1 });
  const result = JSON.parse(readFileSync(report, "utf8"));
  const skipped = result.testResults
    .flatMap((file) => file.assertionResults)
    .filter((one) => one.status === "skipped" || one.status === "pending");
  for (const one of skipped) console.log(`skipped: ${one.fullName}`);
  // A file that cannot be loaded, or an error outside of any test, has no assertion of its own.
  const broken = result.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
  ).length;
  const failed = result.numFailedTests + broken;
  add("vitest", {
    passed: result.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: skipped.length,
  });
}

/** Every Python from 3.6 on that can be started: on the PATH, and those pyenv keeps. */
function pythons() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const kept = folders.filter((folder) => folder.endsWith("/shims")).map((folder) => join(dirname(folder), "versions"));
  const versions = [
    ...new Set([...kept, join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions")]),
  ].filter(existsSync);
  const candidates = [
    "python3",
    ...versions.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, "bin", "python"))),
  ];
  const found = new Map();
  for (const file of candidates) {
    const { status, stdout } = run(file, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const version = stdout?.trim();
    if (status === 0 && /^3\.\d+$/.test(version) && Number(version.slice(2)) >= 6 && !found.has(version))
      found.set(version, file);
  }
  return found;
}

function workerSuite() {
  const found = pythons();
  for (const [version, file] of [...found].sort(([a], [b]) => Number(a.slice(2)) - Number(b.slice(2)))) {
    const { stderr, status } = run(file, ["-m", "unittest", "discover", "-s", "python/tests"], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    const ran = Number(/Ran (\d+) tests?/.exec(stderr)?.[1] ?? 0);
    const count = (what) => Number(new RegExp(`${what}=(\\d+)`).exec(stderr)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    const skipped = count("skipped");
    if (status !== 0) console.log(stderr);
    if (skipped > 0)
      console.log(
        `skipped: ${skipped} tests of the worker on Python ${version}: this Python has no scikit-learn (they run in the shared environment)`,
      );
    add(`worker on Python ${version}`, {
      passed: Math.max(0, ran - failed - skipped),
      failed: failed === 0 && (status !== 0 || ran === 0) ? 1 : failed,
      skipped,
    });
  }
  for (let minor = 6; minor <= 13; minor += 1)
    if (!found.has(`3.${minor}`)) console.log(`skipped: the worker on Python 3.${minor}: it is not on this machine`);
}

try {
  if (!faults) checks();
  vitest();
  if (!faults) workerSuite();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
