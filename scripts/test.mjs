// The test command: checks, and the vitest suites. The last line is `N passed, N failed, N skipped`; every skip is told,
// with its reason. With --faults: only the fault runs, with their full counts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
    "--reporter=./scripts/skipped-reporter.mjs",
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

try {
  if (!faults) checks();
  vitest();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
