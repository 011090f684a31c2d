import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelyardError } from "../../src/contract/errors.ts";
import { readConfig } from "../../src/flow/read-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-config-"));
  for (const name of ["model.pkl", "score.py", "requirements.txt", "conda.yml"]) writeFileSync(join(folder, name), "x");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (...lines: string[]) => {
  writeFileSync(join(folder, "modelyard.yaml"), `${lines.join("\n")}\n`);
  return readConfig(join(folder, "modelyard.yaml"));
};
const mistakesIn = async (...lines: string[]): Promise<string[]> => {
  const error = await read(...lines).then(
    () => undefined,
    (thrown: ModelyardError) => thrown,
  );
  if (error === undefined) return [];
  expect(error.code).toBe("config-invalid");
  return String(error.details.problems)
    .split("\n")
    .map((line) => line.trim());
};

describe("mistakes are told with their line", () => {
  test.each([
    [
      "an unknown key, with the nearest known one",
      ["name: digits", "modle: model.pkl"],
      /^line 2: modle: is not known; did you mean model\?$/,
    ],
    [
      "an unknown key of the model",
      ["name: digits", "model:", "  path: model.pkl", "  tag: {}"],
      /^line 4: model.tag: is not known; did you mean tags\?$/,
    ],
    ["a missing name", ["model: model.pkl"], /^line 1: name: is missing$/],
    ["a missing model", ["name: digits"], /^line 1: model is missing/],
    ["a name that is none", ["model: model.pkl", "name: Digits_1"], /^line 2: name: starts with a letter/],
    [
      "a file that is not there",
      ["name: digits", "model: model.pkl", "script: scores.py"],
      /^line 3: script: names scores.py, which is not there$/,
    ],
    ["a model file that is not there", ["name: digits", "model:", "  path: m.pkl"], /^line 3: model.path: names m.pkl/],
    ["a value out of range", ["name: digits", "model: model.pkl", "replicas: 0"], /^line 3: replicas: /],
    [
      "a variable whose name is none",
      ["name: digits", "model: model.pkl", "env:", "  A B: x"],
      /^line 4: env.A B: is no name of a variable: letters/,
    ],
    ["a choice that is none", ["name: digits", "model: model.pkl", "auth: maybe"], /^line 3: auth: /],
    [
      "two environments",
      ["name: digits", "model: model.pkl", "requirements: requirements.txt", "conda: conda.yml"],
      /^line 4: conda: stands beside requirements/,
    ],
    [
      "a source folder without script",
      ["name: digits", "model: model.pkl", "sourceDir: ."],
      /^line 3: sourceDir: needs script$/,
    ],
    [
      "model and models",
      ["name: digits", "model: model.pkl", "models: [model.pkl]"],
      /^line 3: models: stands beside model/,
    ],
    [
      "a model with path and reference",
      ["name: digits", "model:", "  path: model.pkl", "  reference: a:1"],
      /has either path or reference$/,
    ],
    ["a second same key", ["name: digits", "name: digits", "model: model.pkl"], /^line 2: /],
    ["YAML that is broken", ["name: digits", "model: [model.pkl"], /^line \d+: /],
    ["a list instead of keys", ["- a"], /^line 1: the file is not a list/],
    ["an empty file", [""], /^line 1: /],
  ])("%s", async (_, lines, expected) => {
    const mistakes = await mistakesIn(...lines);
    expect(
      mistakes.some((mistake) => expected.test(mistake)),
      mistakes.join("\n"),
    ).toBe(true);
  });

  test("all at once, in the order of the file", async () => {
    const mistakes = await mistakesIn("name: D", "model: m.pkl", "replica: 2", "auth: maybe", "timeoutMs: -1");
    expect(mistakes.map((mistake) => /^line (\d)/.exec(mistake)?.[1])).toEqual(["1", "1", "2", "3", "4", "5"]);
  });
});

describe("what is read", () => {
  test("paths are taken from the folder of the file and a single model is named after its service", async () => {
    const wanted = await read("name: digits", "model: model.pkl", "script: score.py", "replicas: 2");
    expect(wanted).toMatchObject({
      service: "digits",
      models: [{ path: join(folder, "model.pkl"), name: "digits" }],
      parts: { script: join(folder, "score.py") },
      settings: { replicas: 2 },
    });
    expect(Object.keys(wanted.settings)).toEqual(["replicas"]);
  });

  test("python: 3.10 is version 3.10, with and without quotes", async () => {
    for (const text of ["3.10", '"3.10"']) {
      expect((await read("name: digits", "model: model.pkl", `python: ${text}`)).python).toBe("3.10");
    }
  });

  test("numbers and booleans are texts where texts are meant", async () => {
    const wanted = await read(
      "name: digits",
      "env: {THREADS: 1, DEBUG: true}",
      "model:",
      "  path: model.pkl",
      "  tags: {run: 7}",
    );
    expect(wanted.settings.env).toEqual({ THREADS: "1", DEBUG: "true" });
    expect(wanted.models[0]).toMatchObject({ tags: { run: "7" } });
  });

  test("several models may be files and references", async () => {
    const wanted = await read("name: digits", "models:", "  - model.pkl", "  - reference: other:3");
    expect(wanted.models).toEqual([{ path: join(folder, "model.pkl"), name: "model" }, { reference: "other:3" }]);
  });
});
