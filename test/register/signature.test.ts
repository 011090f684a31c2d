import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferSource } from "../../src/kernel/source.ts";
import { inspectModelFile } from "../../src/register/pickle/inspect.ts";
import { isOnnx } from "../../src/register/pickle/onnx.ts";
import type { BlobStore } from "../../src/register/ports.ts";
import { mlmodelSignature } from "../../src/register/signature/mlmodel-signature.ts";
import { onnxSignature } from "../../src/register/signature/onnx-signature.ts";
import { readSignature } from "../../src/register/signature/read-signature.ts";

/** Protobuf by hand: a number, or bytes with their length. */
const number = (field: number, value: number) => Buffer.from([field * 8, value]);
const bytes = (field: number, ...parts: (Buffer | string)[]) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([field * 8 + 2, (body.length & 0x7f) | 0x80, body.length >> 7]), body]);
};
const dimension = (size: number | string) => bytes(1, typeof size === "number" ? number(1, size) : bytes(2, size));
const info = (field: number, name: string, type: number, shape?: (number | string)[]) => {
  const tensor = bytes(1, number(1, type), ...(shape === undefined ? [] : [bytes(2, ...shape.map(dimension))]));
  return bytes(field, bytes(1, name), bytes(2, tensor));
};
const graph = bytes(
  7,
  bytes(2, "graph"),
  bytes(5, number(2, 1), bytes(8, "weights"), bytes(9, Buffer.alloc(200))),
  info(11, "X", 1, ["N", 64]),
  info(11, "weights", 1, [64]),
  info(12, "label", 7, ["N"]),
  info(12, "scores", 11),
);
const onnx = Buffer.concat([number(1, 8), bytes(2, "test"), graph, bytes(8, number(2, 15))]);

test("an ONNX graph tells names, types and shapes of its inputs and outputs, without its parameters", () => {
  expect(isOnnx(bufferSource(onnx))).toBe(true);
  expect(onnxSignature(bufferSource(onnx))).toEqual({
    inputs: [{ name: "X", type: "float32", shape: [null, 64] }],
    outputs: [
      { name: "label", type: "int64", shape: [null] },
      { name: "scores", type: "float64", shape: null },
    ],
  });
});

test("broken ONNX never throws and never hangs", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(onnx.length - 1), fc.nat(255)), { maxLength: 6 }),
      fc.nat(onnx.length),
      (changes, end) => {
        const copy = Buffer.from(onnx.subarray(0, end));
        for (const [at, value] of changes) copy[at] = value;
        onnxSignature(bufferSource(copy));
      },
    ),
    { numRuns: 1000 },
  );
});

test("an MLmodel file tells columns and tensors, and one without a signature or that is no YAML tells nothing", () => {
  const text = `flavors: {}
signature:
  inputs: '[{"type": "double", "name": "age", "required": true}, {"type": "string", "name": "city"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`;
  expect(mlmodelSignature(text)).toEqual({
    inputs: [
      { name: "age", type: "double", shape: null },
      { name: "city", type: "string", shape: null },
    ],
    outputs: [{ name: null, type: "int64", shape: [null] }],
  });
  for (const other of [
    "flavors: {}",
    "",
    "signature: [",
    "signature:\n  inputs: '{'",
    "signature: null",
    "- 1",
    "signature:\n  inputs: 5",
  ])
    expect(mlmodelSignature(other), other).toBeNull();
});

test("an MLmodel file tells the parameters of requests with their defaults, in the words of old files too", () => {
  const params = [
    { name: "temperature", type: "double", default: 0.5, shape: null },
    { name: "stop", dtype: "string", default: ["a"], shape: [-1] },
    { name: "extra", type: "object", default: null, shape: null, properties: {} },
  ];
  const text = `signature:\n  inputs: '[]'\n  params: '${JSON.stringify(params)}'\n`;
  expect(mlmodelSignature(text)).toEqual({
    inputs: [],
    outputs: null,
    params: [
      { name: "temperature", type: "double", shape: null, default: 0.5 },
      { name: "stop", type: "string", shape: [null], default: ["a"] },
      { name: "extra", type: "object", shape: null, default: null },
    ],
  });
});

test("the pickle of an estimator tells its columns and the kind of its classes", async () => {
  const path = new URL("fixtures/skl10-columns-p5.pkl", import.meta.url).pathname;
  const blobs = { pathOf: () => path } as unknown as BlobStore;
  const files = [{ path: "model.pkl", digest: "0", size: readFileSync(path).length }];
  const reading = await inspectModelFile(path);
  const signature = await readSignature(blobs, files, reading);
  expect(signature?.inputs.map(({ name }) => name)).toEqual(reading.columnNames);
  expect(signature?.inputs.length).toBeGreaterThan(1);
});
