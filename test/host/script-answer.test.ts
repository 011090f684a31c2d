import fc from "fast-check";
import { expect, it } from "vitest";
import { outputsOfScript } from "../../src/host/codecs/script-answer.ts";

it("each member of an object is a tensor with the digits it was written with", () => {
  const json = '{"a":[1.0,2],"b":{"c":[3]},"2":"x, y: }","1":[[1],[2]],"é\\"":12345678901234567890}';
  const found = outputsOfScript(json);
  expect([...found].map(([name, { datatype, shape }]) => [name, datatype, shape])).toEqual([
    ["a", "FP64", [2]],
    ["b", "BYTES", [1]],
    ["2", "BYTES", [1]],
    ["1", "INT64", [2, 1]],
    ['é"', "FP64", [1]],
  ]);
  expect(found.get("a")?.json()).toBe("[1.0,2]");
  expect(found.get("b")?.json()).toBe('["{\\"c\\":[3]}"]');
});

it("any object has a tensor for each of its members, any other value one", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      const wanted = isObject ? Object.keys(value) : ["predict"];
      expect([...outputsOfScript(JSON.stringify(value)).keys()].sort()).toEqual([...wanted].sort());
    }),
  );
});
