import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { operationEntries } from "../../src/contract/operations.ts";
import { repository } from "./repository-files.ts";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

test.each(operationEntries)("%s is one file of that name in the room of its step", async (name, { id, step }) => {
  expect(id).toBe(kebab(name));
  const room = join(repository, "src", step);
  const [path = "", ...others] = (await readdir(room, { recursive: true })).filter(
    (one) => basename(one) === `${id}.ts`,
  );
  expect(others).toEqual([]);
  const file = (await import(join(room, path))) as Record<string, unknown>;
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
