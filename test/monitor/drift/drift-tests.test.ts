import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { driftTests } from "../../../src/monitor/drift/all-tests.ts";
import { driftTestSuite } from "../../suites/drift-test.ts";
import { columns } from "./columns.ts";

for (const test of driftTests) driftTestSuite(test);

describe("the tests of drift", () => {
  it("are compared on 49 columns and more", () => {
    expect(columns.length).toBeGreaterThanOrEqual(49);
  });

  it("are all in the list: every definition in a file of the folder", () => {
    const folder = new URL("../../../src/monitor/drift/tests/", import.meta.url);
    const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
    const defined = texts.flatMap((text) => text.match(/^export const \w+(: DriftTest =| = defined\()/gm) ?? []);
    expect(defined).toHaveLength(driftTests.length);
    expect(new Set(driftTests.map(({ name }) => name)).size).toBe(driftTests.length);
  });
});
