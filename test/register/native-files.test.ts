import { describe, expect, it } from "vitest";
import { bufferSource } from "../../src/kernel/source.ts";
import { nativeModelOf } from "../../src/register/pickle/native.ts";

const of = (...parts: (string | number[])[]) =>
  nativeModelOf(
    bufferSource(
      Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part)))),
    ),
  );
const length = (count: number) => [0x4c, 0, 0, 0, 0, 0, 0, 0, count];

describe("a file in a framework's own format is told by its bytes", () => {
  it("XGBoost's, with the version that wrote it", () => {
    const known = { framework: "XGBoost", name: "xgboost" };
    expect(of('{"learner":{"attributes":{}},"version":[3,2,0]}')).toEqual({ ...known, version: "3.2.0" });
    expect(of('{\n  "learner": {}, "version": [2, 1, 14]}\n')).toEqual({ ...known, version: "2.1.14" });
    const ubjson = ["{", length(7), "learner{}", length(7), "version[#", length(3), [0x69, 3, 0x69, 2, 0x69, 10], "}"];
    expect(of(...ubjson)).toEqual({ ...known, version: "3.2.10" });
    expect(of('{"learner":{"attributes":{}}}')).toEqual({ ...known, version: null });
  });

  it("LightGBM's and CatBoost's, which tell no version", () => {
    expect(of("tree\nversion=v4\nnum_class=3\n")).toEqual({ framework: "LightGBM", name: "lightgbm", version: null });
    expect(of("CBM1", [0xb8, 0x3f, 0, 0])).toEqual({ framework: "CatBoost", name: "catboost", version: null });
  });

  it("and nothing else is taken for one", () => {
    for (const text of ["", "{", '{"learners":{}}', "tree", "CBM", "\x80\x04K\x01."]) expect(of(text)).toBeUndefined();
  });
});
