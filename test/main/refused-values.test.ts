import { expect, test } from "vitest";
import type { z } from "zod";
import { operationEntries, operations } from "../../src/contract/operations.ts";

/** Words of the validator, which speak to whoever wrote the schema. */
const raw = /\bexpected\b|\breceived\b|Too (small|big)|Invalid|[<>]=/;

test("what a schema refuses is told in words of whoever filled it in, for every member of every operation", () => {
  const wrong = ["", "no such choice", "x".repeat(100_000), -1, 1e12, 0.5, true, [], [1, "", {}], {}, null];
  for (const [, { id, input }] of operationEntries)
    for (const [member, schema] of Object.entries(input.shape as Record<string, z.ZodType>))
      for (const value of [undefined, ...wrong])
        for (const { path, message } of schema.safeParse(value).error?.issues ?? [])
          expect(message, `${id} ${[member, ...path].join(".")}: ${message}`).not.toMatch(raw);
});

test("a choice names what there is to choose from", () => {
  const told = operations.regenerateServiceKey.input.safeParse({ name: "digits", key: "tertiary" });
  expect(told.error?.issues[0]?.message).toBe("is one of primary, secondary");
});
