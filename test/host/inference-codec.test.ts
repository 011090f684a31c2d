import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import type { Ask } from "../../src/host/codecs/codec.ts";
import { inferenceCodec } from "../../src/host/codecs/inference.ts";
import { datatypeNames } from "../../src/records/datatypes.ts";
import { readTensors } from "../../src/records/tensors.ts";
import { sumsRevision } from "./host-fixture.ts";
import { encodeRequest, requests } from "./tensor-requests.ts";

/** "accepted", or the code of the refusal. Anything but a ModelyardError is thrown on. */
function outcome(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (error instanceof ModelyardError) return `${error.status} ${error.code}`;
    throw error;
  }
}

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

const numbers = sumsRevision();
const named = sumsRevision({ signature: { input: { kind: "rows", columns: 3, names: ["a", "b", "c"] } } });
const anyWidth = sumsRevision({ signature: { input: { kind: "rows", columns: null, names: null } } });
const decode = (body: Buffer | object, revision = numbers, headers: Record<string, string> = {}) =>
  inferenceCodec.decode(
    {
      method: "POST",
      url: "/v2/models/sums/infer",
      body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
      headers,
      requestId: "ours",
      service: "sums",
    },
    revision,
  );
const input = (more: object = {}) => ({ name: "x", datatype: "FP64", shape: [1, 3], data: [1, 2, 3], ...more });
const rowsOf = ({ body }: Ask) => [...new Float64Array(body.buffer, body.byteOffset, body.length / 8)];
const ok = (text: string) => ({ head: { id: "1", status: "ok" as const, size: text.length }, body: Buffer.from(text) });

describe("inputs", () => {
  it("of every datatype are read as they were sent: flat, nested, binary, and mixed in one request", () => {
    fc.assert(
      fc.property(requests, (inputs) => {
        const { body, headers } = encodeRequest(inputs);
        const length = Number(headers["inference-header-content-length"]);
        const head = JSON.parse(body.subarray(0, length).toString("utf8"));
        const found = readTensors(head.inputs, body.subarray(length));
        // JSON has no negative zero, and adding 0 takes it from the others
        const plain = (values: Iterable<unknown>) =>
          [...values].map((value) => (typeof value === "string" ? value : Number(value) + 0));
        expect(found.map(({ values }) => plain(values))).toEqual(inputs.map(({ values }) => plain(values)));
        expect(found.map(({ shape }) => shape)).toEqual(inputs.map(({ head }) => head.shape));
      }),
    );
  });

  it("cut at any byte, or with lying sizes, shapes and lengths, are refused with 400 and nothing else", () => {
    const lie = fc.oneof(
      fc.integer({ min: -5, max: 400 }),
      fc.constantFrom(2 ** 40, 2 ** 53, 1e300, 0.5, "3", null, []),
    );
    fc.assert(
      fc.property(requests, fc.nat(), lie, fc.nat({ max: 3 }), (inputs, where, wrong, kind) => {
        const { body, headers } = encodeRequest(inputs);
        const cut = body.subarray(0, where % body.length);
        expect(outcome(() => decode(cut, anyWidth, headers))).toMatch(/^400 /);
        expect(reasonOf(() => decode(cut, anyWidth, headers))).not.toContain("inputs came");
        const liars = inputs.map((one, index) => {
          if (index !== where % 3) return one;
          const { parameters, shape } = one.head as { parameters?: object; shape: number[] };
          if (kind === 0) return { ...one, head: { ...one.head, shape: wrong } };
          if (kind === 1) return { ...one, head: { ...one.head, shape: [shape[0], wrong] } };
          return { ...one, head: { ...one.head, parameters: { ...parameters, binary_data_size: wrong } } };
        });
        const lying = encodeRequest(liars);
        const told = kind === 3 ? { "inference-header-content-length": String(wrong) } : lying.headers;
        expect(outcome(() => decode(lying.body, anyWidth, told))).toMatch(/^(accepted|400 )/);
      }),
    );
  });

  it("of any JSON and any bytes are read or refused, never more", () => {
    const value = fc.jsonValue();
    const almost = fc.record(
      {
        name: value,
        datatype: fc.oneof(fc.constantFrom(...datatypeNames), value),
        shape: value,
        data: value,
        parameters: value,
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      fc.record(
        { inputs: fc.oneof(value, fc.array(almost)), outputs: value, parameters: value, id: value },
        { requiredKeys: [] },
      ),
      value,
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(outcome(() => decode(Buffer.from(JSON.stringify(body)), named))).toMatch(/^(accepted|400 )/);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string()), (bytes, length) => {
        const headers: Record<string, string> = length === null ? {} : { "inference-header-content-length": length };
        expect(outcome(() => decode(Buffer.from(bytes), numbers, headers))).toMatch(/^400 /);
      }),
    );
  });

  it("deeper than any stack are refused", () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const body = (shape: string, data: string) =>
      Buffer.from(`{"inputs":[{"name":"x","datatype":"FP64","shape":${shape},"data":${data}}]}`);
    const long = `[${"1,".repeat(50_000)}1]`;
    for (const [shape, data] of [
      [long, deep],
      ["[1,3]", deep],
      [deep, "[1,2,3]"],
      ["[1,3]", `[1,2,${deep}]`],
      ["[3]", `[1,2,${deep}]`],
    ] as const)
      expect(outcome(() => decode(body(shape, data)))).toBe("400 tensors-invalid");
    expect(outcome(() => decode(Buffer.from(`{"inputs":${deep}}`)))).toBe("400 tensors-invalid");
  });

  it("of texts are rows of one text, with or without the dimension of columns", () => {
    for (const shape of [[2], [2, 1]]) {
      const [asked] = decode({ inputs: [input({ datatype: "BYTES", shape, data: ["good", "bad"] })] }, anyWidth).asks;
      expect(Buffer.from(asked?.body ?? "").toString()).toBe('[["good"],["bad"]]');
    }
    const row = { inputs: [input({ datatype: "BYTES", shape: [3], data: ["a", "b", "c"] })] };
    expect(reasonOf(() => decode(row))).toContain("one row has the shape [1, 3]");
    expect(reasonOf(() => decode({ inputs: [input({ shape: [3] })] }, anyWidth))).toContain("one row has the shape");
  });

  it("of numbers become float64 rows; every half-precision pattern is the number IEEE 754 says", () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, index) => index);
    const head = { name: "x", datatype: "FP16", shape: [65_536], parameters: { binary_data_size: 131_072 } };
    const [found] = readTensors([head], Buffer.from(bits.buffer));
    const expected = [0, 2 ** -24, 2 ** -14, 1, 65_504, Infinity, -1, -Infinity];
    const patterns = [0, 1, 0x0400, 0x3c00, 0x7bff, 0x7c00, 0xbc00, 0xfc00];
    expect(patterns.map((pattern) => found?.values[pattern])).toEqual(expected);
    expect(found?.values[0x7c01]).toBeNaN();
    for (let pattern = 1; pattern < 0x7c00; pattern += 1)
      expect((found?.values[pattern] as number) > (found?.values[pattern - 1] as number)).toBe(true);
  });

  it.each([
    [{}, 'The body has no "inputs"'],
    [{ inputs: [] }, '"inputs" has no tensor'],
    [{ inputs: [{ ...input(), name: 5 }] }, 'Input 1 has no "name"'],
    [{ inputs: [input({ datatype: "FP8" })] }, /^Input "x" has the datatype "FP8"; it can be BOOL, .*BYTES$/],
    [{ inputs: [input({ data: [1, 2] })] }, 'Input "x" has 2 values; the shape [1,3] has 3'],
    [{ inputs: [input({ shape: [-1, 3] })] }, 'Input "x" has the shape [-1,3], not one of whole numbers from 0 on'],
    [
      { inputs: [input({ shape: [3] })] },
      'Input "x" has the shape [3]; the model takes [rows, 3]; one row has the shape [1, 3]',
    ],
    [{ inputs: [input({ shape: [3, 1] })] }, 'Input "x" has the shape [3,1]; the model takes [rows, 3]'],
    [{ inputs: [input({ shape: [1, 1, 3] })] }, 'Input "x" has the shape [1,1,3]; the model takes [rows, 3]'],
    [{ inputs: [input({ data: [[1, 2], [3]] })] }, 'Input "x": the nested "data" has not the shape [1,3]'],
    [{ inputs: [input({ data: [1, "two", 3] })] }, 'Input "x": element 2 is "two", not a number, as FP64 is'],
    [
      { inputs: [input({ datatype: "INT8", data: [1, 128, 3] })] },
      'Input "x": element 2 is 128, not an integer from -128 to 127, as INT8 is',
    ],
    [
      { inputs: [input({ datatype: "BOOL", data: [true, 1, true] })] },
      'Input "x": element 2 is 1, not true or false, as BOOL is',
    ],
    [{ inputs: [input(), input({ name: "y" })] }, "2 inputs came; the model takes one of shape [rows, 3]"],
    [{ inputs: [input(), input()] }, 'Two inputs are named "x"'],
    [
      { inputs: [input({ parameters: { shared_memory_region: "r" } })] },
      'Input "x" lies in shared memory, which is not supported here',
    ],
    [
      { inputs: [input()], outputs: [{ name: "label" }] },
      'There is no output "label"; it can be "predict" or "predict_proba"',
    ],
    [{ inputs: [input()], outputs: [{ name: "predict" }, { name: "predict" }] }, "An output is asked for twice"],
    [
      { inputs: [input()], parameters: { binary_data_output: "yes" } },
      '"binary_data_output" is "yes", not true or false',
    ],
    [{ inputs: [input()], id: 7 }, '"id" is a number, not a text'],
  ])("%j is refused with the exact reason", (body, reason) => {
    const found = reasonOf(() => decode(body));
    if (typeof reason === "string") expect(found).toBe(reason);
    else expect(found).toMatch(reason);
  });
});

describe("named columns", () => {
  const column = (name: string, data: unknown[], datatype = "FP64", shape = [data.length, 1]) => ({
    name,
    datatype,
    shape,
    data,
  });

  it("come in any order, as [rows, 1] or [rows], and become rows in the order of the model", () => {
    const inputs = [column("c", [3, 6]), column("a", [1, 4], "INT64", [2]), column("b", [2, 5], "FP32")];
    const { asks } = decode({ inputs }, named);
    expect(asks[0]?.input).toEqual({ kind: "rows", method: "predict", shape: [2, 3] });
    expect(rowsOf(asks[0] as Ask)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("of text keep numbers, truth values, NaN and infinities beside them", () => {
    const half = Buffer.from(Float64Array.of(Number.POSITIVE_INFINITY, Number.NaN).buffer);
    const inputs = [
      column("a", ["red", "blue"], "BYTES"),
      { ...column("b", []), shape: [2, 1], data: undefined, parameters: { binary_data_size: 16 } },
      column("c", [true, false], "BOOL"),
    ];
    const json = Buffer.from(JSON.stringify({ inputs }));
    const { asks } = decode(Buffer.concat([json, half]), named, {
      "inference-header-content-length": String(json.length),
    });
    expect(asks[0]?.input).toEqual({ kind: "json", method: "predict", rows: 2 });
    expect(Buffer.from(asks[0]?.body ?? []).toString()).toBe('[["red",1e999,true],["blue",null,false]]');
  });

  it.each([
    [[column("a", [1]), column("b", [1])], 'The column "c" is missing'],
    [[column("a", [1])], 'The column "b" is missing, and 1 more'],
    [["a", "b", "c", "d"].map((name) => column(name, [1])), 'The model has no column "d"'],
    [
      [column("a", [1, 2]), column("b", [1]), column("c", [1])],
      'Input "b" has the shape [1,1]; the first input has 2 rows',
    ],
    [
      [column("a", [1, 2], "FP64", [1, 2]), column("b", [1]), column("c", [1])],
      'Input "a" has the shape [1,2]; a column has [rows, 1] or [rows]',
    ],
  ])("that do not fit are named", (inputs, reason) => {
    expect(reasonOf(() => decode({ inputs }, named))).toBe(reason);
  });

  it("may come as one tensor of all columns", () => {
    expect(rowsOf(decode({ inputs: [input()] }, named).asks[0] as Ask)).toEqual([1, 2, 3]);
  });
});

describe("an answer", () => {
  it("echoes the id or gives ours, names service and revision, and has outputs in JSON, in binary or mixed", () => {
    const both = [{ name: "predict_proba", parameters: { binary_data: true } }, { name: "predict" }];
    const { asks, encode } = decode({ id: "mine", inputs: [input()], outputs: both });
    expect(asks.map(({ input: { kind }, body }) => [kind, rowsOf({ body } as Ask)])).toEqual([
      ["rows", [1, 2, 3]],
      ["rows", [1, 2, 3]],
    ]);
    const answer = encode([ok("[[0.25,0.75]]"), ok("[3]")]);
    const length = Number(answer.headers["inference-header-content-length"]);
    expect(answer.headers["content-type"]).toBe("application/octet-stream");
    expect(JSON.parse(Buffer.from(answer.body.subarray(0, length)).toString())).toEqual({
      id: "mine",
      model_name: "sums",
      model_version: "1",
      outputs: [
        { name: "predict_proba", datatype: "FP64", shape: [1, 2], parameters: { binary_data_size: 16 } },
        { name: "predict", datatype: "INT64", shape: [1], data: [3] },
      ],
    });
    expect(Buffer.from(answer.body).readDoubleLE(length + 8)).toBe(0.75);
    const plain = decode({ inputs: [input()] });
    expect(JSON.parse(Buffer.from(plain.encode([ok("[6.0]")]).body).toString())).toMatchObject({ id: "ours" });
    const all = decode({ inputs: [input()], parameters: { binary_data_output: true, priority: 3 } });
    expect(all.encode([ok("[6.0]")]).headers["content-type"]).toBe("application/octet-stream");
  });

  it("to no rows is no rows, without a worker", () => {
    const { asks, encode } = decode({ inputs: [input({ shape: [0, 3], data: [] })] });
    expect(asks).toEqual([]);
    expect(JSON.parse(Buffer.from(encode([]).body).toString()).outputs).toEqual([
      { name: "predict", datatype: "FP64", shape: [0], data: [] },
    ]);
  });
});

it("Python's NaN and infinities are read, inside texts they stay text", () => {
  const body = (data: string) =>
    Buffer.from(`{"inputs":[{"name":"NaN","datatype":"FP64","shape":[1,3],"data":[${data}]}]}`);
  expect(rowsOf(decode(body("NaN, -Infinity, Infinity")).asks[0] as Ask)).toEqual([Number.NaN, -Infinity, Infinity]);
  expect(outcome(() => decode(body("nan, 1, 2")))).toBe("400 tensors-invalid");
});
