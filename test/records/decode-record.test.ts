import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestLanguage, Signature } from "../../src/contract/host.ts";
import type { Ask, Codec } from "../../src/host/codecs/codec.ts";
import { inferenceCodec } from "../../src/host/codecs/inference.ts";
import { mlflowCodec } from "../../src/host/codecs/mlflow.ts";
import { scoreCodec } from "../../src/host/codecs/score.ts";
import { decodeRecord } from "../../src/records/decode-record.ts";
import { sumsRevision } from "../host/host-fixture.ts";
import { encodeRequest, requests } from "../host/tensor-requests.ts";

const rows = (columns: number | null, names: string[] | null = null): Signature => ({
  input: { kind: "rows", columns, names },
});
const text: Signature = { input: { kind: "text" } };
const bytesOf = (value: unknown): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

interface Given {
  body?: unknown;
  answer?: unknown;
  language?: RequestLanguage;
  status?: number;
  contentType?: string;
  answerType?: string;
  bodyJsonBytes?: number;
  answerJsonBytes?: number;
  cut?: boolean;
}

function decode(given: Given, signature: Signature = rows(2)) {
  const body = bytesOf(given.body ?? { data: [[1, 2]] });
  const answer = bytesOf(given.answer ?? [0]);
  const { contentType = "application/json", answerType = "application/json", status = 200 } = given;
  const sizes = { bodySize: body.length + (given.cut ? 1 : 0), answerSize: answer.length };
  return decodeRecord({ ...given, ...sizes, body, answer, status, contentType, answerType }, signature);
}

describe("a request of Azure ML", () => {
  it("is told by the names of the signature, else by x0, x1", () => {
    const body = { data: [[1, "red"], [null, true]] }; // biome-ignore format: a table
    expect(decode({ body, answer: [3, 4], language: "azure" }, rows(2, ["age", "colour"]))).toEqual({
      inputs: { columns: ["age", "colour"], rows: [[1, "red"], [null, true]] }, // biome-ignore format: a table
      predictions: { columns: ["prediction"], rows: [[3], [4]] },
      reason: null,
    });
    expect(decode({ body, answer: [3, 4] }, rows(null)).inputs?.columns).toEqual(["x0", "x1"]);
  });

  it("that asked for scores has a column for each", () => {
    const asked = decode({
      body: { data: [[1, 2]], method: "predict_proba" },
      answer: [[0.2, 0.8]],
      language: "azure",
    });
    expect(asked.predictions).toEqual({ columns: ["score.0", "score.1"], rows: [[0.2, 0.8]] });
    expect(decode({ answer: [[0.2, 0.8]] }).predictions?.columns).toEqual(["prediction.0", "prediction.1"]);
    expect(decode({ answer: [{ label: "a", sure: 0.9 }] }).predictions).toEqual({
      columns: ["label", "sure"],
      rows: [["a", 0.9]],
    });
  });

  it("of texts, in any language, is one column", () => {
    const tensor = { name: "input", datatype: "BYTES", shape: [2], data: ["good", "bad"] };
    const asked = [
      { body: { data: ["good", "bad"] }, language: "azure" },
      { body: { inputs: ["good", "bad"] }, language: "mlflow" },
      { body: { inputs: [tensor] }, language: "inference", answer: { outputs: [{ ...tensor, name: "predict" }] } },
    ] as const;
    for (const one of asked) {
      const answer = one.language === "mlflow" ? { predictions: ["x", "y"] } : ["x", "y"];
      expect(decode({ answer, ...one }, rows(null)).inputs).toEqual({ columns: ["x0"], rows: [["good"], ["bad"]] });
    }
  });

  it("that failed has its inputs and no predictions", () => {
    expect(decode({ status: 500, answer: { message: "no" } })).toEqual({
      inputs: { columns: ["x0", "x1"], rows: [[1, 2]] },
      predictions: null,
      reason: null,
    });
  });
});

describe("a request for an entry script", () => {
  it.each([
    [{ data: [[1, 2]] }, ["x0", "x1"], [[1, 2]]],
    [
      { data: [{ a: 1 }, { a: 2, b: 3 }] },
      ["a", "b"],
      [
        [1, null],
        [2, 3],
      ],
    ],
    [{ Inputs: { data: [{ a: 1 }] }, GlobalParameters: { method: "predict" } }, ["a"], [[1]]],
    [{ input_data: { columns: ["a", "b"], index: [0], data: [[1, 2]] }, params: {} }, ["a", "b"], [[1, 2]]],
    [
      { a: [1, 2], b: ["x", "y"] },
      ["a", "b"],
      [
        [1, "x"],
        [2, "y"],
      ],
    ],
    [
      { a: { "0": 1, "1": 2 }, b: { "0": 3, "1": 4 } },
      ["a", "b"],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [{ prompt: "hello", temperature: 0.5 }, ["prompt", "temperature"], [["hello", 0.5]]],
    [[{ a: 1 }], ["a"], [[1]]],
  ])("is told where its rows are plain to see: %j", (body, columns, values) => {
    // biome-ignore format: tables
    const answer = values.map((_, place) => place);
    expect(decode({ body, answer, language: "azure" }, text)).toMatchObject({
      inputs: { columns, rows: values },
      reason: null,
    });
  });

  it("with a flat list is one row when it got one answer", () => {
    expect(decode({ body: { data: [1, 2, 3] }, answer: [7], language: "azure" }, text).inputs?.rows).toEqual([
      [1, 2, 3],
    ]);
    expect(decode({ body: { data: [1, 2] }, answer: [7, 8], language: "azure" }, text).inputs?.rows).toEqual([
      [1],
      [2],
    ]);
  });

  it("has the answers of an object, of a JSON text, of plain text and with Python's NaN", () => {
    const body = { data: [[1], [2]] };
    const told = (answer: unknown, answerType?: string) =>
      decode({ body, answer, language: "azure", ...(answerType ? { answerType } : {}) }, text).predictions;
    expect(
      told({
        predictions: [1, 2],
        scores: [
          [0, 1],
          [1, 0],
        ],
        model: "m",
      }),
    ).toEqual({
      // biome-ignore format: a table
      columns: ["prediction", "scores.0", "scores.1"],
      rows: [[1, 0, 1], [2, 1, 0]], // biome-ignore format: a table
    });
    expect(told(JSON.stringify("[1, 2]"))).toEqual({ columns: ["prediction"], rows: [[1], [2]] });
    expect(told("[NaN, Infinity]")?.rows).toEqual([[null], [Number.POSITIVE_INFINITY]]);
    expect(
      decode({ body: { q: "?" }, answer: "forty-two", answerType: "text/plain; charset=utf-8" }, text),
    ).toMatchObject({
      predictions: { columns: ["prediction"], rows: [["forty-two"]] },
    });
  });
});

describe("what cannot be told", () => {
  it.each<[string, Given, Signature]>([
    ["cut", { cut: true }, rows(2)],
    ["empty", { body: Buffer.alloc(0) }, rows(2)],
    ["not-json", { body: "{", language: "azure" }, rows(2)],
    ["unfit", { body: { data: [[1]] }, language: "azure" }, rows(2)],
    ["not-tabular", { body: { data: [[[1, 2]]] }, language: "azure" }, text],
    ["rows-differ", { answer: [1, 2, 3], body: { data: [[1, 2], [1, 2]] } }, rows(2)], // biome-ignore format: a table
    ["not-json", { answer: Buffer.from([0xff, 0xfe]) }, rows(2)],
  ])("says %s", (reason, given, signature) => {
    expect(decode(given, signature).reason).toBe(reason);
  });

  it("never throws, whatever the bytes are", () => {
    const language = fc.constantFrom<RequestLanguage | undefined>(
      "azure",
      "inference",
      "mlflow",
      "upstream",
      undefined,
    );
    const bytes = fc.oneof(
      fc.json().map((json) => Buffer.from(json)),
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc
        .json()
        .map((json) => Buffer.from(`{"data": ${json}, "inputs": ${json}, "outputs": ${json}, "predictions": ${json}}`)),
    );
    const length = fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        language,
        fc.constantFrom(rows(2), rows(null), text),
        length,
        (body, answer, spoken, signature, json) => {
          const lengths = json === undefined ? {} : { bodyJsonBytes: json, answerJsonBytes: json };
          const { inputs, predictions } = decode(
            { body, answer, ...(spoken ? { language: spoken } : {}), ...lengths },
            signature,
          );
          for (const table of [inputs, predictions])
            for (const row of table?.rows ?? []) expect(row.length).toBe(table?.columns.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** The rows of what a worker is asked, with NaN for what is missing and numbers for truth values. */
function askedRows({ input, body }: Ask): unknown[][] {
  if (input.kind === "json")
    return JSON.parse(Buffer.from(body).toString("utf8")).map((row: unknown[]) => row.map(plain));
  if (input.kind !== "rows") throw new Error(`a worker was asked for ${input.kind}`);
  const [count, columns] = input.shape;
  const numbers = new Float64Array(
    body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer,
  );
  return Array.from({ length: count }, (_, row) =>
    [...numbers.subarray(row * columns, (row + 1) * columns)].map(plain),
  );
}
const plain = (value: unknown) => (value === null ? Number.NaN : typeof value === "string" ? value : Number(value) + 0);

/** That the codec of the host and the decoding of records say the same of a request, or both nothing. */
function agree(codec: Codec, body: Buffer, headers: Record<string, string>, signature: Signature) {
  const request = { method: "POST", url: "/", body, headers, requestId: "r", service: "s" };
  let asked: unknown[][] | null;
  try {
    const [ask] = codec.decode(request, sumsRevision({ signature })).asks;
    asked = ask === undefined ? [] : askedRows(ask);
  } catch {
    asked = null;
  }
  const length = headers["inference-header-content-length"];
  const contentType = headers["content-type"] ?? "application/json";
  const { inputs } = decode(
    { body, language: codec.language, contentType, ...(length === undefined ? {} : { bodyJsonBytes: Number(length) }) },
    signature,
  );
  expect(inputs?.rows.map((row) => row.map(plain)) ?? null).toEqual(asked);
}

describe("the host and its records read the same", () => {
  const cell = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
  const matrix = fc.oneof(
    fc.array(fc.tuple(fc.double(), fc.double())),
    fc.array(fc.tuple(cell, cell)),
    fc.array(fc.array(fc.oneof(cell, fc.array(cell)), { maxLength: 3 })),
  );
  const signature = fc.constantFrom(rows(2), rows(null), rows(2, ["a", "b"]));

  it("of Azure ML's rows", () => {
    fc.assert(fc.property(matrix, signature, (data, wanted) => agree(scoreCodec, bytesOf({ data }), {}, wanted)));
  });

  it("of MLflow's five forms", () => {
    const table = fc.tuple(fc.constantFrom(["a", "b"], ["b", "a"], ["a", "c"]), matrix);
    const bodies = table.map(([columns, data]) => {
      const records = data.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));
      const lists = Object.fromEntries(columns.map((name, place) => [name, data.map((row) => row[place] ?? null)]));
      return [
        { dataframe_split: { columns, data } },
        { dataframe_records: records },
        { instances: data },
        { inputs: data },
        { inputs: lists },
        stringify([columns, ...data.map((row) => row.map((value) => (value === null ? "" : String(value))))]),
      ];
    });
    fc.assert(
      fc.property(bodies, signature, (forms, wanted) => {
        for (const form of forms)
          agree(mlflowCodec, bytesOf(form), typeof form === "string" ? { "content-type": "text/csv" } : {}, wanted);
      }),
    );
  });

  it("of tensors in JSON and in binary, of any datatype", () => {
    const wanted = fc.constantFrom(rows(null), rows(2), rows(3), rows(3, ["a", "b", "c"]));
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 3 }), wanted, (inputs, count, given) => {
        const { body, headers } = encodeRequest(inputs.slice(0, count));
        agree(inferenceCodec, body, headers, given);
      }),
    );
  });
});

describe("tensors", () => {
  it("answer in JSON and in binary, several outputs at once", () => {
    const body = { inputs: [{ name: "x", datatype: "FP64", shape: [1, 2], data: [1, null] }] };
    const outputs = [
      { name: "predict", datatype: "INT64", shape: [1], data: [7] },
      { name: "predict_proba", datatype: "FP64", shape: [1, 2], data: [0.25, 0.75] },
    ];
    const told = { columns: ["prediction", "score.0", "score.1"], rows: [[7, 0.25, 0.75]] };
    const answered = decode({ body, answer: { outputs }, language: "inference" });
    expect(answered).toEqual({ inputs: { columns: ["x0", "x1"], rows: [[1, null]] }, predictions: told, reason: null });
    const json = Buffer.from(
      JSON.stringify({
        outputs: outputs.map(({ data, ...head }) => ({ ...head, parameters: { binary_data_size: data.length * 8 } })),
      }),
    );
    const binary = Buffer.concat([
      json,
      Buffer.from(new BigInt64Array([7n]).buffer),
      Buffer.from(new Float64Array([0.25, 0.75]).buffer),
    ]);
    expect(decode({ body, answer: binary, language: "inference", answerJsonBytes: json.length }).predictions).toEqual(
      told,
    );
  });
});

it("a record of an older host is told by its body", () => {
  const data = [[1, 2]];
  const told = { columns: ["x0", "x1"], rows: data };
  expect(decode({ body: { data } }).inputs).toEqual(told);
  expect(decode({ body: { instances: data } }).inputs).toEqual(told);
  expect(decode({ body: { inputs: [{ name: "i", datatype: "FP32", shape: [1, 2], data }] } }).inputs).toEqual(told);
  expect(decode({ body: "a,b\n1,2", contentType: "text/csv" }, rows(2, ["a", "b"])).inputs).toEqual({
    columns: ["a", "b"],
    rows: data,
  });
});
