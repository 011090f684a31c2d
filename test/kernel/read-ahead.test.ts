import { expect, test } from "vitest";
import { readAhead } from "../../src/kernel/read-ahead.ts";

/** Tells what is asked of it. */
async function* source(told: string[], count: number): AsyncIterable<number> {
  try {
    for (let i = 0; i < count; i += 1) {
      told.push(`made ${i}`);
      if (i === 5) throw new Error("the sixth is bad");
      yield i;
    }
  } finally {
    told.push("closed");
  }
}
const soon = () => new Promise((resolve) => setImmediate(resolve));

test("items come in their order, some of them are made before they are wanted", async () => {
  const told: string[] = [];
  for await (const item of readAhead(source(told, 4), 2)) {
    await soon();
    told.push(`taken ${item}`);
  }
  expect(told.slice(0, 4)).toEqual(["made 0", "made 1", "made 2", "taken 0"]);
  expect(told.filter((one) => one.startsWith("taken"))).toEqual(["taken 0", "taken 1", "taken 2", "taken 3"]);
});

test("an error comes in the place of its item", async () => {
  const taken: number[] = [];
  const all = async () => {
    for await (const item of readAhead(source([], 9), 3)) taken.push(item);
  };
  await expect(all()).rejects.toThrow("the sixth is bad");
  expect(taken).toEqual([0, 1, 2, 3, 4]);
});

test("who stops closes the source, and what was made meanwhile hurts nobody", async () => {
  const told: string[] = [];
  for await (const item of readAhead(source(told, 9), 2)) if (item === 3) break;
  await soon();
  expect(told.at(-1)).toBe("closed");
});
