import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serviceNameSchema } from "../../src/contract/operation.ts";
import { serviceNameOf, wantedOfPath } from "../../src/flow/wanted-of-path.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-path-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("any file name gives a valid service name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (stem) => serviceNameSchema.safeParse(serviceNameOf(stem)).success),
  );
});

test.each([
  ["digits", "digits"],
  ["My_Model.v2", "my-model-v2"],
  ["2024-churn", "churn"],
  ["lr", "lr-model"],
  ["模型", "model"],
])("%s becomes the service %s", (stem, name) => expect(serviceNameOf(stem)).toBe(name));

test("files with well-known names beside a bare model file are used", async () => {
  for (const name of ["m.pkl", "requirements.txt", "conda.yml", "sample.json"]) writeFileSync(join(folder, name), "x");
  const { parts } = await wantedOfPath(join(folder, "m.pkl"));
  expect(parts).toEqual({
    requirements: join(folder, "requirements.txt"),
    conda: undefined,
    sample: join(folder, "sample.json"),
  });
});

test("a folder without modelyard.yaml says what to do", async () => {
  await expect(wantedOfPath(folder)).rejects.toMatchObject({
    code: "not-supported",
    fix: expect.stringContaining("modelyard up model.pkl"),
  });
});

test("a path that is not there is named", async () => {
  await expect(wantedOfPath(join(folder, "x"))).rejects.toMatchObject({ code: "no-such-file" });
});
