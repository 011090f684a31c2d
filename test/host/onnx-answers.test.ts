import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerItems } from "../../src/host/engines/onnx/answer-items.ts";
import { checkOnnxFile } from "../../src/host/engines/onnx/check-file.ts";
import { openOnnxModel } from "../../src/host/engines/onnx/model.ts";
import { rowTexts } from "../../src/host/engines/onnx/row-texts.ts";
import type { ScoreItemHead } from "../../src/host/engines/worker-frames.ts";
import type { ScoreMethod } from "../../src/records/json-rows.ts";
import { onnxFixtures } from "./engines-fixture.ts";

interface Truth {
  rows: number[][];
  labels: number[];
  probabilities: number[][];
  words: string[];
  wordProbabilities: number[][];
  values: number[];
}
const read = (file: string) => readFileSync(join(onnxFixtures, file));
const truth = JSON.parse(read("truth.json").toString()) as Truth;

const rowsItem = (id: string, method: ScoreMethod, rows: number[][]): [ScoreItemHead, Uint8Array] => {
  const values = new Float64Array(rows.flat());
  const shape: [number, number] = [rows.length, rows[0]?.length ?? 0];
  return [{ id, kind: "rows", method, shape, size: values.byteLength }, new Uint8Array(values.buffer)];
};
const jsonItem = (id: string, rows: unknown[][]): [ScoreItemHead, Uint8Array] => {
  const body = Buffer.from(JSON.stringify(rows));
  return [{ id, kind: "json", method: "predict", rows: rows.length, size: body.length }, body];
};
/** What a file answers to one frame: JSON, or the status and the reason. */
async function answersOf(file: string, ...asked: [ScoreItemHead, Uint8Array][]): Promise<unknown[]> {
  const model = await openOnnxModel(read(file));
  const lines: string[] = [];
  const items = asked.map(([item]) => item);
  const answers = answerItems(
    model,
    items,
    asked.map(([, body]) => body),
    (line) => lines.push(line),
  );
  model.release();
  expect(answers.map(({ head }) => head.id)).toEqual(items.map(({ id }) => id));
  return answers.map(({ head, body }) =>
    head.status === "ok" ? JSON.parse(body.toString()) : `${head.status}: ${head.reason ?? lines.join()}`,
  );
}
const farthest = (some: number[][], others: number[][]) =>
  Math.max(...some.flatMap((row, i) => row.map((value, j) => Math.abs(value - (others[i]?.[j] ?? Number.NaN)))));

describe("a classifier that skl2onnx wrote", () => {
  it.each([
    ["digits-float32.onnx", truth.labels, truth.probabilities, 1e-4],
    ["digits-float64.onnx", truth.labels, truth.probabilities, 1e-10],
    ["digits-int64.onnx", truth.labels, truth.probabilities, 1e-4],
    ["digits-zipmap.onnx", truth.labels, truth.probabilities, 1e-4],
    ["digits-words.onnx", truth.words, truth.wordProbabilities, 1e-4],
    ["digits-words-zipmap.onnx", truth.words, truth.wordProbabilities, 1e-4],
  ] as const)("%s answers scikit-learn's labels and probabilities", async (file, labels, probabilities, tolerance) => {
    const asked = (["predict", "predict_proba"] as const).map((method) => rowsItem(method, method, truth.rows));
    const [found, chances] = (await answersOf(file, ...asked)) as [unknown[], number[][]];
    expect(found).toEqual(labels);
    expect(farthest(chances, probabilities as number[][])).toBeLessThan(tolerance);
  });

  it("answers a regression with one value for each row", async () => {
    const [values] = (await answersOf("digits-values.onnx", rowsItem("a", "predict", truth.rows))) as [number[]];
    expect(farthest([values], [truth.values])).toBeLessThan(1e-10);
  });
});

describe("a frame with more than one kind of item", () => {
  it("is answered item by item, whatever the others are", async () => {
    const answers = await answersOf(
      "sums.onnx",
      rowsItem("a", "predict", [[1, 2, 3]]),
      rowsItem("b", "predict", [[1, 2]]),
      jsonItem("c", [[true, 2, 3]]),
      jsonItem("d", [[1, "two", 3]]),
      jsonItem("null", [[1, null, 3]]),
      rowsItem("e", "predict_proba", [[1, 2, 3]]),
      rowsItem("f", "predict", [
        [4, 5, 6],
        [7, 8, 9],
      ]),
    );
    expect(answers).toEqual([
      [6],
      "invalid: The rows have 2 values; the model takes 3",
      [6],
      "invalid: Value 2 of row 1 is not a number, and the model takes nothing else",
      [null],
      "invalid: this model has no predict_proba",
      [15, 24],
    ]);
  });

  it("refuses a fraction where the model takes whole numbers, and answers the rest", async () => {
    const [row = []] = truth.rows;
    const odd = row.map((value, place) => (place === 3 ? 0.5 : value));
    const answers = await answersOf(
      "digits-int64.onnx",
      rowsItem("a", "predict", [odd]),
      rowsItem("b", "predict", [row]),
    );
    expect(answers).toEqual([
      "invalid: Value 4 of row 1 is 0.5; the model takes whole numbers (int64)",
      truth.labels.slice(0, 1),
    ]);
  });

  it("takes any width when the file names none", async () => {
    const asked = [[[1, 2]], [[1, 2, 3, 4]]].map((rows, i) => rowsItem(String(i), "predict", rows));
    expect(await answersOf("sums-any-width.onnx", ...asked)).toEqual([[3], [10]]);
  });
});

describe("the first run of a file", () => {
  it.each([
    ["sums.onnx", { state: "fits", columns: 3 }],
    ["sums-any-width.onnx", { state: "fits", columns: null }],
    ["two-inputs.onnx", { state: "unfit", reason: expect.stringContaining("takes 2 inputs (a, b)") }],
    ["one-row.onnx", { state: "unfit", reason: expect.stringContaining("takes 1 row(s) at a time; export it with") }],
    ["picture.onnx", { state: "unfit", reason: expect.stringContaining("[n, 3, 8, 8]") }],
    ["fails-at-run.onnx", { state: "broken", reason: expect.stringContaining("idx=7") }],
    ["truth.json", { state: "broken", reason: expect.stringContaining("protobuf") }],
  ])("of %s says what it is", async (file, checked) => {
    expect(await checkOnnxFile(join(onnxFixtures, file))).toEqual(checked);
  });

  it("of a file that was cut or damaged anywhere never takes the runtime down with it", async () => {
    const whole = read("digits-zipmap.onnx");
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.boolean());
    await fc.assert(
      fc.asyncProperty(damage, async ([at, byte, cut]) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole);
        if (!cut) bytes[at] = byte;
        const opened = await openOnnxModel(bytes).catch(() => undefined);
        try {
          opened?.run([{ method: "predict", count: 1, columns: 64, values: new Float64Array(64) }]);
        } catch {
          // a refusal is as good as an answer
        }
        opened?.release();
      }),
      // the same damage each time: what the runtime does with any other is found out in a process of its own
      { numRuns: 100, seed: 18 },
    );
  });
});

describe("the JSON of a row", () => {
  it("reads back as the numbers it was written from; what is no number is null", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (numbers) => {
        const [text = ""] = rowTexts({ type: "float64", dims: [1, numbers.length, 1], data: numbers }, 1, false);
        const finite = numbers.map((value) => [Number.isFinite(value) ? value + 0 : null]);
        expect(JSON.parse(text)).toEqual(finite.map(([value]) => [value === 0 ? 0 : value]));
        expect(text).not.toMatch(/\d[,\]](?<![.e+-]\d+[,\]])/);
      }),
    );
  });

  it("keeps whole numbers of 64 bits, texts with quotes, and truth values", () => {
    const write = (type: string, data: unknown[]) => rowTexts({ type, dims: [data.length], data }, data.length, true);
    expect(write("int64", [9007199254740993n, -1n])).toEqual(["9007199254740993", "-1"]);
    expect(write("string", ['a "b"'])).toEqual(['"a \\"b\\""']);
    expect(write("bool", [1, 0])).toEqual(["true", "false"]);
  });
});
