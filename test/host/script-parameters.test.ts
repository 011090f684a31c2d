import fc from "fast-check";
import { expect, it } from "vitest";
import { parametersOf } from "../../src/host/codecs/script-parameters.ts";

const ofSample = (sample: unknown) => parametersOf(null, { sample: JSON.stringify(sample) });

it("a sample of an object shows a parameter in each member", () => {
  expect(
    ofSample({
      rows: [
        [1, 2.5],
        [3, 4],
      ],
      flat: ["a"],
      one: true,
      mixed: [[1, "a"]],
      uneven: [[1], [2, 3]],
      records: [{ a: 1, b: "x" }],
      map: {},
    }),
  ).toEqual([
    { name: "rows", required: true, kind: "array", datatype: "FP64", shape: [-1, 2] },
    { name: "flat", required: true, kind: "array", datatype: "BYTES", shape: [-1] },
    { name: "one", required: true, kind: "array", datatype: "BOOL", shape: [] },
    { name: "mixed", required: true, kind: "any" },
    { name: "uneven", required: true, kind: "any" },
    {
      name: "records",
      required: true,
      kind: "frame",
      orient: "records",
      columns: [
        { name: "a", datatype: "FP64" },
        { name: "b", datatype: "BYTES" },
      ],
    },
    { name: "map", required: true, kind: "object" },
  ]);
});

it("any other sample shows nothing", () => {
  for (const sample of [null, "no JSON", "[1]", "3"]) expect(parametersOf(null, { sample })).toBeNull();
});

it("every JSON object is read as a sample", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (sample) => {
      const names = Object.keys(JSON.parse(JSON.stringify(sample)) as object);
      expect(ofSample(sample)?.map(({ name }) => name)).toEqual(names);
    }),
  );
});
