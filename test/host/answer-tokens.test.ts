import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, textOf, tokensOf } from "../../src/host/engines/onnx/answer-tokens.ts";

const apart = (one: string, other: string) => distance(tokensOf(one), tokensOf(other));
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((real) => !Number.isInteger(real)),
  fc.string(),
  fc.constantFrom(true, false, null),
);
const rows = fc.array(fc.oneof(value, fc.array(value)));

describe("two answers", () => {
  it("are no way apart when they are the same, however they are written", () => {
    fc.assert(
      fc.property(rows, (answer) => {
        const text = JSON.stringify(answer);
        expect(apart(text, JSON.stringify(answer, null, 1))).toBe(0);
        expect(apart(text, textOf(tokensOf(text)))).toBe(0);
      }),
    );
    expect(apart('["K\\u00f6ln",1e-05]', '["Köln",0.00001]')).toBe(0);
  });

  it("are infinitely apart when a type, a label or a shape differs", () => {
    for (const [one, other] of [
      ["[6]", "[6.0]"],
      ["[6]", "[7]"],
      ['["6"]', "[6]"],
      ["[false]", "[0]"],
      ["[1.5]", "[null]"],
      ["[1.5]", "[[1.5]]"],
      ["[1.5]", "[1.5,1.5]"],
      ["[[]]", "[]"],
    ] as const)
      expect([one, other, apart(one, other)]).toEqual([one, other, Number.POSITIVE_INFINITY]);
  });

  it("are as far apart as their farthest numbers, absolute below 1 and relative above", () => {
    expect(apart("[0.5,0.25]", "[0.5,0.125]")).toBe(0.125);
    expect(apart("[1000.0]", "[1001.0]")).toBe(0.001);
  });

  it("are refused when they are no lists", () => {
    for (const text of ["", "[", "[1", "[]]", "[] []"]) expect(() => tokensOf(text)).toThrow(SyntaxError);
  });
});
