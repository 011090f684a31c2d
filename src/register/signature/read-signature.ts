import { readFile } from "node:fs/promises";
import type { ModelSignature } from "../../contract/model.ts";
import type { FileEntry } from "../../contract/operation.ts";
import { fileSource } from "../../kernel/source.ts";
import type { ModelInspection } from "../pickle/inspect.ts";
import { isOnnx } from "../pickle/onnx.ts";
import type { BlobStore } from "../ports.ts";
import { mlmodelSignature } from "./mlmodel-signature.ts";
import { onnxSignature } from "./onnx-signature.ts";

const maxMlmodelBytes = 4 << 20;

/** What a version takes and gives, as its files tell: MLmodel first, then ONNX, then what the pickle of an estimator shows. */
export async function readSignature(
  blobs: BlobStore,
  files: readonly FileEntry[],
  reading: ModelInspection | null,
): Promise<ModelSignature | null> {
  const mlmodel = files.find(({ path, size }) => path.split("/").at(-1) === "MLmodel" && size <= maxMlmodelBytes);
  const written = mlmodel === undefined ? null : mlmodelSignature(await readFile(blobs.pathOf(mlmodel.digest), "utf8"));
  if (written !== null) return written;
  const graphs = files.filter(({ path }) => path.toLowerCase().endsWith(".onnx"));
  const graph = graphs.length === 1 ? graphs[0] : reading?.kind === "onnx" && files.length === 1 ? files[0] : undefined;
  return graph === undefined ? signatureOfReading(reading) : readOnnx(blobs.pathOf(graph.digest));
}

function readOnnx(path: string): ModelSignature | null {
  const source = fileSource(path);
  try {
    return isOnnx(source) ? onnxSignature(source) : null;
  } finally {
    source.close();
  }
}

/** Estimators take rows of numbers, by name when they were trained on a data frame; classes tell what kind of value they give. */
function signatureOfReading(reading: ModelInspection | null): ModelSignature | null {
  if (reading === null || reading.columns === null) return null;
  const { columns, columnNames, classes } = reading;
  const inputs =
    columnNames === null
      ? [{ name: null, type: "double", shape: [null, columns] }]
      : columnNames.map((name) => ({ name, type: "unknown", shape: null }));
  const [first] = classes ?? [];
  const kinds = { string: "string", number: "double", boolean: "boolean" } as Record<string, string>;
  const type = Number.isInteger(first) ? "long" : kinds[typeof first];
  return { inputs, outputs: type === undefined ? null : [{ name: null, type, shape: [null] }] };
}
