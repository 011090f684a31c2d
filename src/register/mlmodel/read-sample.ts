import type { ModelSample } from "../../contract/model.ts";
import type { FileEntry } from "../../contract/operation.ts";
import type { BlobStore } from "../ports.ts";
import { type Mlmodel, readText } from "./read-mlmodel.ts";

/** Letters of a sample, as the contract has it. */
const sampleLimit = 1_000_000;

/** The input example that MLflow kept beside a model, as a request body for a service of it; null without one. */
export async function readSample(
  blobs: BlobStore,
  files: readonly FileEntry[],
  mlmodel: Mlmodel | null,
): Promise<ModelSample | null> {
  for (const path of mlmodel?.examples ?? []) {
    const text = await readText(blobs, files, path);
    const input = text === null ? null : bodyOfExample(text);
    if (input !== null && input.length <= sampleLimit) return { input };
  }
  return null;
}

/**
 * An example as MLflow writes it (https://mlflow.org/docs/latest/ml/model/signatures) with its rows under `data`, as services take
 * them. What has no rows stays as it is, for entry scripts; what is not JSON is none.
 */
export function bodyOfExample(text: string): string | null {
  try {
    const rows = rowsOf(JSON.parse(text));
    return rows === null ? text : JSON.stringify({ data: rows });
  } catch {
    return null;
  }
}

function rowsOf(example: unknown): unknown[] | null {
  if (Array.isArray(example)) return example.length > 0 && example.every(Array.isArray) ? example : null;
  if (example === null || typeof example !== "object") return null;
  const { dataframe_split: split, inputs, instances, columns, data } = example as Record<string, unknown>;
  if (split !== undefined) return rowsOf(split);
  return rowsOf(inputs ?? instances ?? (columns === undefined ? undefined : data) ?? null);
}
