import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outputTensor } from "../../src/host/codecs/output-tensor.ts";
import { textBytes } from "./text-bytes.ts";

describe("the answer of a worker as a tensor", () => {
  it.each([
    ["[1.0,2.0]", "FP64", [2], "[1.0,2.0]"],
    ["[1,2]", "INT64", [2], "[1,2]"],
    ["[1,2.5]", "FP64", [2], "[1,2.5]"],
    ["[1,null]", "FP64", [2], "[1,null]"],
    ["[1e+16,2]", "FP64", [2], "[1e+16,2]"],
    ["[9007199254740993,-1]", "INT64", [2], "[9007199254740993,-1]"],
    ["[18446744073709551615]", "FP64", [1], "[18446744073709551615]"],
    ["[true,false]", "BOOL", [2], "[true,false]"],
    ['["a","b,[1]"]', "BYTES", [2], '["a","b,[1]"]'],
    ["[[0.5,0.5],[1.0,0.0]]", "FP64", [2, 2], "[0.5,0.5,1.0,0.0]"],
    ["[[[1,2]],[[3,4]]]", "INT64", [2, 1, 2], "[1,2,3,4]"],
    ["[[],[]]", "FP64", [2, 0], "[]"],
    ["[]", "FP64", [0], "[]"],
    ["[[1],[2,3]]", "BYTES", [2], '["[1]","[2,3]"]'],
    ['[{"a":1}]', "BYTES", [1], '["{\\"a\\":1}"]'],
    ['["a",1,null]', "BYTES", [3], '["a","1","null"]'],
    ["[true,1]", "BYTES", [2], '["true","1"]'],
  ])("%s of a worker is %s of shape %j", (text, datatype, shape, json) => {
    const tensor = outputTensor(text);
    expect([tensor.datatype, tensor.shape, tensor.json()]).toEqual([datatype, shape, json]);
    expect(() => tensor.binary()).not.toThrow();
  });

  it("in binary holds exactly the numbers and texts of the worker", () => {
    const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(doubles, (values) => {
        const text = `[${values.map((value) => (Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : `${value}`)).join(",")}]`;
        const tensor = outputTensor(text);
        expect(tensor.datatype).toBe("FP64");
        const bytes = tensor.binary();
        const found = values.map((_, index) => bytes.readDoubleLE(index * 8));
        expect(found.map((value) => value + 0)).toEqual(values.map((value) => value + 0));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }), (values) => {
        const bytes = outputTensor(`[${values.join(",")}]`).binary();
        expect(values.map((_, index) => bytes.readBigInt64LE(index * 8))).toEqual(values);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (values) => {
        expect(outputTensor(JSON.stringify(values)).binary()).toEqual(textBytes(values));
      }),
    );
    expect([...outputTensor("[true,false]").binary()]).toEqual([1, 0]);
    expect(outputTensor("[1.5,null]").binary().readDoubleLE(8)).toBeNaN();
  });
});
