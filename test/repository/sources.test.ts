import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, repository } from "./repository-files.ts";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const sources = filesBelow("src", ".ts");
const programs = [
  ...sources,
  ...filesBelow("test", ".ts"),
  ...filesBelow("scripts", ".mjs"),
  ...filesBelow("bench", ".mjs"),
  ...filesBelow("python", ".py"),
];

test("no file has more than 400 lines", () => {
  expect(programs.filter((path) => read(path).split("\n").length > 401)).toEqual([]);
});

test("only src/main reads the environment", () => {
  const readers = sources.filter((path) => read(path).includes("process.env"));
  expect(readers.filter((path) => !path.startsWith("src/main/"))).toEqual([]);
});

test("sources name no machine: no absolute home folders, no registry hosts", () => {
  const machine = /\/(?:root|home)\/\w|registry\.npmjs|pypi\.org|files\.pythonhosted/;
  expect(programs.filter((path) => path.startsWith("src/") && machine.test(read(path)))).toEqual([]);
});

test("nobody imports what its room may not see, and there are no cycles", () => {
  const tool = join(repository, "node_modules", ".bin", "depcruise");
  const { stdout, status } = spawnSync(tool, ["--config", ".dependency-cruiser.cjs", "src"], {
    cwd: repository,
    encoding: "utf8",
  });
  expect(status, stdout).toBe(0);
});

test("generated files are what `npm run gen` writes", () => {
  const { stderr, status } = spawnSync(process.execPath, ["scripts/gen.mjs", "--check"], {
    cwd: repository,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
});
