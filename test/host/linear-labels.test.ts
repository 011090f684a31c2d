import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { readGraph } from "../../src/host/engines/onnx/graph.ts";
import { linearLabels } from "../../src/host/engines/onnx/linear.ts";
import { rowTexts } from "../../src/host/engines/onnx/row-texts.ts";
import { openSession } from "../../src/host/engines/onnx/session.ts";
import { onnxFixtures } from "./engines-fixture.ts";

const width = 64;
const read = (file: string) => readFileSync(join(onnxFixtures, file));
const digits = (JSON.parse(read("truth.json").toString()) as { rows: number[][] }).rows;
const shortcutOf = (file: string) => linearLabels(readGraph(read(file)), "input", "label");

/** The labels as the runtime itself gives them, and the shortcut for the same model. */
async function bothWays(file: string) {
  const session = await openSession(read(file));
  const shortcut = shortcutOf(file);
  if (shortcut === undefined) throw new Error(`${file} has no shortcut`);
  let runs = 0;
  const slowly = (rows: Float64Array, count: number) => {
    const answer = session.run({ input: new Tensor("float64", rows, [count, width]) }, "label");
    return rowTexts(answer as Tensor, count, true);
  };
  const quickly = (rows: Float64Array, count: number) =>
    shortcut.answer(rows, count, () => {
      runs += 1;
      return slowly(rows, count);
    });
  return { slowly, quickly, runs: () => runs, release: session.release };
}

const flat = (rows: readonly number[][]) => Float64Array.from(rows.flat());

describe.each(["digits-float64.onnx", "digits-words-scaled.onnx"])("the labels of %s", (file) => {
  it("are those of the runtime for any rows", async () => {
    const { slowly, quickly, release } = await bothWays(file);
    const number = fc.oneof(
      fc.integer({ min: 0, max: 16 }),
      fc.double(),
      fc.constantFrom(0, -0, 1e-320, 1e154, -1e308, Number.NaN, Number.POSITIVE_INFINITY),
    );
    const row = fc.oneof(
      fc.array(number, { minLength: width, maxLength: width }),
      fc.array(fc.integer({ min: 0, max: 16 }), { minLength: width, maxLength: width }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        expect(quickly(flat(rows), rows.length)).toEqual(slowly(flat(rows), rows.length));
      }),
      { numRuns: 300 },
    );
    release();
  });

  it("are those of the runtime next to the border between two labels, to the last digit", async () => {
    const { slowly, quickly, runs, release } = await bothWays(file);
    const between = (from: readonly number[], to: readonly number[], share: number) =>
      Float64Array.from(from, (value, at) => value + ((to[at] as number) - value) * share);
    // every label is known
    quickly(flat(digits), digits.length);
    const before = runs();
    let pairs = 0;
    for (const [place, from] of digits.entries()) {
      const to = digits[(place + 1) % digits.length] as number[];
      const [start] = slowly(flat([from]), 1);
      let [low, high] = [0, 1];
      if (slowly(flat([to]), 1)[0] === start) continue;
      pairs += 1;
      for (let step = 0; step < 60; step += 1) {
        const middle = (low + high) / 2;
        const row = between(from, to, middle);
        const wanted = slowly(row, 1);
        expect(quickly(row, 1)).toEqual(wanted);
        if (wanted[0] === start) low = middle;
        else high = middle;
      }
    }
    expect(pairs).toBeGreaterThan(20);
    // who is so near that rounding decides is asked of the runtime
    expect(runs()).toBeGreaterThan(before);
    release();
  });

  it("need no run once they are known, unless there is very much to do or the rows do not fit", async () => {
    const { quickly, runs, release } = await bothWays(file);
    const first = quickly(flat(digits), digits.length);
    expect(runs()).toBe(1);
    for (const [place, row] of digits.entries()) expect(quickly(flat([row]), 1)).toEqual([first[place]]);
    expect(runs()).toBe(1);
    const many = Array.from({ length: 1024 }, (_, at) => digits[at % digits.length] as number[]);
    quickly(flat(many), many.length);
    expect(runs()).toBe(2);
    expect(() => quickly(new Float64Array(width / 2), 1)).toThrow();
    expect(runs()).toBe(3);
    release();
  });
});

describe("what is no linear classifier in float64", () => {
  it.each([
    "digits-float32.onnx",
    "digits-int64.onnx",
    "digits-words.onnx",
    "digits-values.onnx",
    "sums.onnx",
    "two-inputs.onnx",
  ])("%s is left to the runtime", (file) => expect(shortcutOf(file)).toBeUndefined());

  it("or was damaged anywhere is left to the runtime, or answered as it does", async () => {
    const whole = read("digits-float64.onnx");
    const rows = flat(digits);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        const session = await openSession(bytes).catch(() => undefined);
        if (session === undefined) return;
        const [input = "", label = ""] = [session.inputs[0]?.name, session.outputs[0]?.name];
        let wanted: string[] | undefined;
        try {
          const answer = session.run({ [input]: new Tensor("float64", rows, [digits.length, width]) }, label);
          wanted = rowTexts(answer as Tensor, digits.length, true);
        } catch {
          // it is refused before its labels matter
        }
        session.release();
        if (wanted === undefined) return;
        const shortcut = linearLabels(readGraph(bytes), input, label);
        for (const [place, text] of wanted.entries()) {
          const row = rows.subarray(place * width, (place + 1) * width);
          expect(shortcut?.answer(row, 1, () => [text]) ?? [text]).toEqual([text]);
        }
      }),
      { numRuns: 300, seed: 18 },
    );
  });
});
