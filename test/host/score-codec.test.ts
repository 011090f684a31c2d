import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { decodeScore } from "../../src/host/codecs/score.ts";
import { sumsRevision } from "./host-fixture.ts";

const known = sumsRevision();
const unknown = sumsRevision({ signature: { input: { kind: "rows", columns: null, names: null } } });
const decode = (value: unknown, revision = known) => decodeScore(Buffer.from(JSON.stringify(value)), revision);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelyardError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("a scoring body for a model without a script", () => {
  it("of numbers becomes float64 rows with exactly the numbers that were sent", () => {
    const row = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (data) => {
        const decoded = decode({ data });
        if (decoded === null) throw new Error("no rows");
        expect(decoded.input).toEqual({ kind: "rows", method: "predict", shape: [data.length, 3] });
        const { buffer, byteOffset, length } = decoded.body;
        // JSON has no negative zero
        expect([...new Float64Array(buffer, byteOffset, length / 8)]).toEqual(data.flat().map((value) => value + 0));
      }),
    );
  });

  it("with text among the values travels as JSON", () => {
    const decoded = decode({ data: [[1, "red", null]], method: "predict_proba" });
    if (decoded === null) throw new Error("no rows");
    expect(decoded.input).toEqual({ kind: "json", method: "predict_proba", rows: 1 });
    expect(Buffer.from(decoded.body).toString()).toBe('[[1,"red",null]]');
  });

  it("of texts alone is rows of one text, unless the model takes more", () => {
    const text = (value: unknown) => Buffer.from(decode(value, unknown)?.body ?? "").toString();
    expect(text({ data: ["good", "bad"] })).toBe('[["good"],["bad"]]');
    const flat = 'rows-invalid: "data" is a flat list, not a list of rows';
    expect(refusal(() => decode({ data: ["red", "big", "new"] }))).toBe(flat);
    expect(refusal(() => decode({ data: ["good", 5] }, unknown))).toBe(flat);
  });

  it.each<[string, string, unknown]>([
    ["dataframe_split", "invocations", { data: [[1, 2, 3]] }],
    ["dataframe_records", "invocations", [{ a: 1 }]],
    ["instances", "invocations", [[1, 2, 3]]],
    ["inputs", "invocations", [[1, 2, 3]]],
    ["inputs", "infer", [{ name: "x", datatype: "FP64", shape: [1, 3], data: [1, 2, 3] }]],
  ])("in another language, with %s, is told its path: %s", (form, path, rows) => {
    const thrown = (() => {
      try {
        return decode({ [form]: rows });
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ code: "not-supported", fix: expect.stringContaining(`/${path}`) });
    expect(decode({ [form]: rows, data: [[1, 2, 3]] })).not.toBeNull();
  });

  it("without rows is answered by no rows", () => {
    expect(decode({ data: [] })).toBeNull();
  });

  it.each([
    [[1, 2], 'rows-invalid: The body is a list, not an object with "data"'],
    ["text", 'rows-invalid: The body is a text, not an object with "data"'],
    [null, 'rows-invalid: The body is null, not an object with "data"'],
    [{ rows: [] }, 'rows-invalid: The body has no "data"'],
    [{ data: 5 }, 'rows-invalid: "data" is a number, not a list of rows'],
    [{ data: [1, 2, 3] }, 'rows-invalid: "data" is a flat list, not a list of rows'],
    [{ data: [[1, 2, 3], 4] }, 'rows-invalid: Row 2 of "data" is a number, not a list of values'],
    [{ data: [{ a: 1 }] }, 'rows-invalid: Row 1 of "data" is an object, not a list of values'],
    [{ data: [[1, 2, 3], [1]] }, "rows-invalid: Row 2 has 1 value; the model takes 3"],
    [{ data: [[1, 2, [3]]] }, "rows-invalid: Value 3 of row 1 is a list, not a number or text"],
    [
      { data: [[1, 2, 3]], method: "transform" },
      'not-supported: "method" is "transform"; it can be "predict" or "predict_proba"',
    ],
  ])("%j is refused with the exact reason", (value, reason) => {
    expect(refusal(() => decode(value))).toBe(reason);
  });

  it("with ragged rows is refused when the width of the model is not known", () => {
    expect(refusal(() => decode({ data: [[1, 2], [1]] }, unknown))).toBe(
      "rows-invalid: Row 2 has 1 value, row 1 has 2",
    );
    expect(refusal(() => decode({ data: [[]] }, unknown))).toBe("rows-invalid: Row 1 has no values");
  });

  it("that is no JSON is refused as such", () => {
    expect(refusal(() => decodeScore(Buffer.from("hello"), known))).toMatch(/^not-json: The body is not JSON: Unexp/);
    expect(refusal(() => decodeScore(Buffer.alloc(0), known))).toBe("not-json: The body is not JSON: it is empty");
    expect(refusal(() => decodeScore(Buffer.from([0xff, 0xfe]), known))).toMatch(/^not-utf8: .*UTF-8/);
  });

  it("of any bytes is decoded or refused, never more", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(refusal(() => decodeScore(Buffer.from(text), unknown))).toMatch(/^(accepted|rows-invalid|not-json)/);
      }),
    );
  });
});
