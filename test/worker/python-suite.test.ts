import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { boosterEnvironment, mlflowEnvironment, schemaEnvironment, sharedEnvironment } from "../python-environment.ts";

const tests = join(import.meta.dirname, "../../python/tests");

/** unittest reports on stderr, and exits with 1 when a test fails. */
async function suite(python: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(python, ["-B", "-m", "unittest", ...args], { cwd: tests })).stderr;
}

it(
  "the Python worker gives scikit-learn's own answers, with none of these tests left out",
  { timeout: 600_000 },
  async () => {
    expect(
      await suite(await sharedEnvironment(), "test_sklearn", "test_forests", "test_linear", "test_collector"),
    ).toMatch(/Ran [1-9]\d* tests[\s\S]*\nOK\n$/);
  },
);

it(
  "the Python worker takes what the real inference-schema says, with none of these tests left out",
  {
    timeout: 600_000,
  },
  async () => {
    expect(await suite(await schemaEnvironment(), "test_schema")).toMatch(/Ran [1-9]\d* tests[\s\S]*\nOK\n$/);
  },
);

it("loads the files and pickles of XGBoost, LightGBM and CatBoost", { timeout: 600_000 }, async () => {
  expect(await suite(await boosterEnvironment(), "test_boosters.Boosters")).toMatch(/Ran [1-9]\d* tests[\s\S]*\nOK\n$/);
});

it("loads what MLflow logged as a function of Python", { timeout: 600_000 }, async () => {
  expect(await suite(await mlflowEnvironment(), "test_pyfunc")).toMatch(/Ran [1-9]\d* tests[\s\S]*\nOK\n$/);
});
