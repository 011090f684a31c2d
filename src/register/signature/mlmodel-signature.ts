import { parse } from "yaml";
import type { ModelSignature, SignatureField } from "../../contract/model.ts";

/** A column or a tensor as MLflow writes it. Source: mlflow/types/schema.py. */
interface Column {
  type?: unknown;
  name?: unknown;
  "tensor-spec"?: { dtype?: unknown; shape?: unknown };
}

/** The signature in the text of an MLmodel file: YAML whose `signature` holds JSON texts. Null when there is none to read. */
export function mlmodelSignature(text: string): ModelSignature | null {
  try {
    const { signature } = (parse(text, { maxAliasCount: 100 }) ?? {}) as {
      signature?: { inputs?: unknown; outputs?: unknown } | null;
    };
    const inputs = fieldsOf(signature?.inputs);
    const outputs = fieldsOf(signature?.outputs);
    return inputs === null && outputs === null ? null : { inputs: inputs ?? [], outputs };
  } catch {
    return null; // the file is kept as it is; nothing else depends on it
  }
}

function fieldsOf(json: unknown): SignatureField[] | null {
  if (typeof json !== "string") return null;
  const columns: unknown = JSON.parse(json);
  return Array.isArray(columns) ? columns.map((column) => fieldOf(column as Column)) : null;
}

function fieldOf(column: Column): SignatureField {
  const name = typeof column.name === "string" ? column.name : null;
  const tensor = column["tensor-spec"];
  if (tensor === undefined) return { name, type: String(column.type ?? "unknown"), shape: null };
  const shape = Array.isArray(tensor.shape) ? tensor.shape.map(Number).filter(Number.isInteger) : null;
  return {
    name,
    type: String(tensor.dtype ?? "unknown"),
    shape: shape?.map((size) => (size < 0 ? null : size)) ?? null,
  };
}
