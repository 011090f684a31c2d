import { parse } from "yaml";
import type { FileEntry } from "../../contract/operation.ts";
import type { BlobStore } from "../ports.ts";

/** What MLflow says of a model that it wrote, in the file MLmodel. https://mlflow.org/docs/latest/ml/model */
export interface Mlmodel {
  /** Names of the ways to load it, such as sklearn and python_function. */
  flavors: string[];
  /** The file and the version of scikit-learn's flavour. */
  sklearn: { file: string; version: string | null } | null;
  /** The run that logged it. */
  runId: string | null;
  /** Files with an example of its input, the fittest first. */
  examples: string[];
}

/** These files are small; a larger one is not what MLflow writes. */
const textLimit = 4 << 20;

/** The text of a small file of a version; null when it is not there. */
export async function readText(blobs: BlobStore, files: readonly FileEntry[], path: string): Promise<string | null> {
  const file = files.find((entry) => entry.path === path);
  if (file === undefined || file.size > textLimit) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.read(file.digest)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The members of a YAML text; null for one that has none. */
export function yamlMembers(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
  try {
    return membersOf(parse(text, { maxAliasCount: 100 }));
  } catch {
    return null;
  }
}

const membersOf = (value: unknown): Record<string, unknown> | null =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : null;

const textOrNull = (value: unknown): string | null =>
  typeof value === "string" && value !== "" && value.length <= 2000 ? value : null;

/** The MLmodel of a version; null for files that MLflow did not write. */
export async function readMlmodel(blobs: BlobStore, files: readonly FileEntry[]): Promise<Mlmodel | null> {
  const mlmodel = yamlMembers(await readText(blobs, files, "MLmodel"));
  if (mlmodel === null) return null;
  const flavors = membersOf(mlmodel.flavors) ?? {};
  const { pickled_model: file, sklearn_version: version } = membersOf(flavors.sklearn) ?? {};
  const { serving_input_path: served, artifact_path: given } = membersOf(mlmodel.saved_input_example_info) ?? {};
  const stands = typeof file === "string" && files.some(({ path }) => path === file);
  return {
    flavors: Object.keys(flavors),
    sklearn: stands ? { file, version: textOrNull(version) } : null,
    runId: textOrNull(mlmodel.run_id),
    examples: [served, given].filter((path) => typeof path === "string"),
  };
}

/** The framework of a model that MLflow wrote, as the registry names it; nothing for others. */
export function frameworkOf(mlmodel: Mlmodel | null): { framework?: string; frameworkVersion?: string } {
  if (mlmodel === null) return {};
  const { flavors, sklearn } = mlmodel;
  if (sklearn !== null)
    return { framework: "ScikitLearn", ...(sklearn.version === null ? {} : { frameworkVersion: sklearn.version }) };
  if (flavors.includes("onnx")) return { framework: "Onnx" };
  const [own] = flavors.filter((flavor) => flavor !== "python_function");
  return own === undefined ? {} : { framework: own };
}
