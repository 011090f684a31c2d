import { parse } from "yaml";
import type { ModelSignature, SignatureField, SignatureParam } from "../../contract/model.ts";

/** A column or a tensor as MLflow writes it. Source: mlflow/types/schema.py. */
interface Column {
  type?: unknown;
  name?: unknown;
  "tensor-spec"?: { dtype?: unknown; shape?: unknown };
}

/** A parameter of requests as MLflow writes it; `dtype` in old files. */
interface Param {
  name?: unknown;
  type?: unknown;
  dtype?: unknown;
  shape?: unknown;
  default?: unknown;
}

/** The signature in the text of an MLmodel file: YAML whose `signature` holds JSON texts. Null when there is none to read. */
export function mlmodelSignature(text: string): ModelSignature | null {
  try {
    const { signature } = (parse(text, { maxAliasCount: 100 }) ?? {}) as {
      signature?: { inputs?: unknown; outputs?: unknown; params?: unknown } | null;
    };
    const inputs = listOf(signature?.inputs)?.map((column) => fieldOf(column as Column)) ?? null;
    const outputs = listOf(signature?.outputs)?.map((column) => fieldOf(column as Column)) ?? null;
    const params = listOf(signature?.params)?.map((param) => paramOf(param as Param)) ?? [];
    if (inputs === null && outputs === null && params.length === 0) return null;
    return { inputs: inputs ?? [], outputs, ...(params.length === 0 ? {} : { params }) };
  } catch {
    return null; // the file is kept as it is; nothing else depends on it
  }
}

function listOf(json: unknown): unknown[] | null {
  if (typeof json !== "string") return null;
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list : null;
}

function fieldOf(column: Column): SignatureField {
  const name = typeof column.name === "string" ? column.name : null;
  const tensor = column["tensor-spec"];
  if (tensor === undefined) return { name, type: String(column.type ?? "unknown"), shape: null };
  return { name, type: String(tensor.dtype ?? "unknown"), shape: shapeOf(tensor.shape) };
}

function paramOf({ name, type, dtype, shape, default: value = null }: Param): SignatureParam {
  return { name: String(name ?? ""), type: String(type ?? dtype ?? "unknown"), shape: shapeOf(shape), default: value };
}

function shapeOf(written: unknown): (number | null)[] | null {
  if (!Array.isArray(written)) return null;
  const sizes = written.map(Number).filter(Number.isInteger);
  return sizes.map((size) => (size < 0 ? null : size));
}
