import { join } from "node:path";
import { expect, test } from "vitest";
import { operationEntries } from "../../src/contract/operations.ts";
import { repository } from "./repository-files.ts";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

test.each(operationEntries)("%s is one file of that name in the room of its step", async (name, { id, step }) => {
  expect(id).toBe(kebab(name));
  const file = (await import(join(repository, "src", step, `${id}.ts`))) as Record<string, unknown>;
  expect(file[name]).toBeTypeOf("function");
});

test("ids, routes and commands are each used once", () => {
  const operations = operationEntries.map(([, operation]) => operation);
  const keys = [
    operations.map(({ id }) => id),
    operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`),
    operations.map(({ cli }) => `${cli.noun} ${cli.verb}`),
  ];
  for (const list of keys) expect(new Set(list).size).toBe(list.length);
});

test.each(operationEntries)("the example of %s is one its own schemas accept", (_, { example, input, output }) => {
  expect(input.strict().safeParse(example.input).error).toBeUndefined();
  expect(output.safeParse(example.output).error).toBeUndefined();
});
