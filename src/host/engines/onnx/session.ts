import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";

/** A loaded file as the runtime has it. */
export interface Session {
  inputs: InferenceSession.ValueMetadata[];
  outputs: InferenceSession.ValueMetadata[];
  /** Runs at once and holds up this thread meanwhile. Throws the runtime's own errors. */
  run(feeds: Record<string, Tensor>, output: string): OnnxValue | undefined;
  release(): void;
}

const options: InferenceSession.SessionOptions = {
  // a thread of its own costs a small model more than it brings (docs/decisions/0018)
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  // what fails is told to whom it concerns, not to the log of the host
  logSeverityLevel: 4,
};

/** Types by their number in TensorProto.DataType (onnx.proto), as far as the runtime hands them out. */
const typeNames: Record<number, string> = {
  ...{ 1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "string", 9: "bool" },
  ...{ 10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 21: "uint4", 22: "int4" },
};

/**
 * Opens a file by the binding below the package's own `InferenceSession`, which runs a model a turn of the event loop later and behind six promises:
 * half of what a small model costs a lone client (docs/decisions/0023). Throws the runtime's own errors.
 */
export async function openSession(file: Uint8Array): Promise<Session> {
  // half of a second's start: only for those who have such a model
  const { binding, initOrt } = await import("onnxruntime-node/dist/binding.js");
  initOrt();
  const session = new binding.InferenceSession();
  session.loadModel(file.buffer as ArrayBuffer, file.byteOffset, file.byteLength, options);
  return {
    inputs: session.inputMetadata.map(described),
    outputs: session.outputMetadata.map(described),
    run: (feeds, output) => session.run(feeds, { [output]: null }, {})[output],
    release: () => session.dispose(),
  };
}

type Raw = { name: string; isTensor: boolean; symbolicDimensions: string[]; shape: number[]; type: number };

/** As the package's own session describes it: a dimension is a number, or its name when that is open. */
function described({ name, isTensor, type, shape, symbolicDimensions }: Raw): InferenceSession.ValueMetadata {
  if (!isTensor) return { name, isTensor: false };
  const typeName = typeNames[type];
  if (typeName === undefined) throw new Error(`Unsupported data type: ${type}`);
  const dims = shape.map((size, at) => (size === -1 ? (symbolicDimensions[at] ?? "") : size));
  return { name, isTensor: true, type: typeName as Tensor.Type, shape: dims };
}
