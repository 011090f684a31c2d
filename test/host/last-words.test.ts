import { expect, test } from "vitest";
import { makeLastWords } from "../../src/host/engines/last-words.ts";

test("the last words of a worker are of no request, or of one in hand: those of an answered one neither count nor hide others", () => {
  const inHand = new Set(["one", "two"]);
  const words = makeLastWords({
    requestOf: (line) => /^\[(one|two)\] /.exec(line)?.[1],
    isInHand: (id) => inHand.has(id),
  });
  expect(words.since(0)).toBe("");
  words.hear("[one] a note");
  expect(words.since(0)).toBe("[one] a note");
  inHand.delete("one");
  expect(words.since(0)).toBe("");
  words.hear("[12:00:01] out of memory");
  words.hear("[one] late");
  words.hear("  ");
  expect(words.since(0)).toBe("[12:00:01] out of memory");
  words.hear("[two] raised");
  expect(words.since(0)).toBe("[two] raised");
  expect(words.since(performance.now() + 1)).toBe("");
});
