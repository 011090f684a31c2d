import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/flow/read-config.ts";
import { filesBelow, repository } from "./repository-files.ts";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const json = (path: string) => JSON.parse(read(path));
const manifest = json("package.json") as {
  version: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

test("one version for every artefact", () => {
  expect(/^version = "(.+)"$/m.exec(read("python/pyproject.toml"))?.[1]).toBe(manifest.version);
  expect(json("docs/openapi.json").info.version).toBe(manifest.version);
  expect(json("package-lock.json").version).toBe(manifest.version);
});

test("the two commands of the README are those that exist and that CI runs", () => {
  const readme = read("README.md");
  expect(readme).toContain("\n    ./modelyard up examples/digits ");
  expect(existsSync(join(repository, "examples/digits/modelyard.yaml"))).toBe(true);
  expect(readme).toContain("\n    npm ci && npm test ");
  expect(manifest.scripts.test).toBeDefined();
  expect(read(".ci/run").trim().split("\n").at(-1)).toBe("npm ci && npm test");
});

test("`npm run` scripts that the pages name exist", () => {
  const named = filesBelow(".", ".md").flatMap((path) =>
    [...read(path).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name),
  );
  expect(new Set(named).size).toBeGreaterThan(2);
  expect(named.filter((name) => manifest.scripts[name ?? ""] === undefined)).toEqual([]);
});

test("links in the pages lead to files that are there", () => {
  const broken = filesBelow(".", ".md").flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^(?:https?:|#)/.test(target))
      .filter((target) => !existsSync(resolve(repository, dirname(path), target.replace(/#.*$/, ""))))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("every dependency has its reason in decision 0001, and no other is named there", () => {
  const rows = read("docs/decisions/0001-stack-and-dependencies.md").match(/^\| `@?[a-z][^|]*(?=\|)/gm) ?? [];
  const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const pages = JSON.parse(read("web/package.json")) as typeof manifest;
  const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...pages.dependencies });
  expect(named.sort()).toEqual(wanted.sort());
});

test("every decision is in the list of decisions", () => {
  const list = read("docs/decisions/README.md");
  const pages = filesBelow("docs/decisions", ".md").filter((path) => !path.endsWith("README.md"));
  expect(pages.filter((path) => !list.includes(`(${path.slice("docs/decisions/".length)})`))).toEqual([]);
});

test("the examples are valid, and what they say of themselves is true", async () => {
  const digits = await readConfig(join(repository, "examples/digits/modelyard.yaml"));
  const script = await readConfig(join(repository, "examples/digits-script/modelyard.yaml"));
  expect([digits.service, script.service]).toEqual(["digits", "digits-script"]);
  const [model] = digits.models;
  const { accuracy, holdoutRows } = json("examples/digits/metrics.json");
  expect(model).toMatchObject({ properties: { accuracy: String(accuracy) } });
  expect(json("examples/digits/holdout.json").data).toHaveLength(holdoutRows);
  expect(json("examples/digits/holdout-labels.json")).toHaveLength(holdoutRows);
  for (const pin of read("examples/digits/requirements.txt").trim().split("\n"))
    expect(read("examples/digits-script/conda.yml")).toContain(`- ${pin}\n`);
});
