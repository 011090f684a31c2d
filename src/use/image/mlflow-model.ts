import type { FileEntry } from "../../contract/operation.ts";
import { type Mlmodel, readMlmodel, readText, yamlMembers } from "../../register/mlmodel/read-mlmodel.ts";
import type { BlobStore } from "../../register/ports.ts";
import { normaliseName } from "./requirements.ts";

/** What MLflow wrote beside a model and an image is made from. */
export interface MlflowModel extends Mlmodel {
  /** Text of requirements.txt. */
  requirements: string | null;
  /** Minor version of the Python that logged it, such as 3.11. */
  python: string | null;
}

/** What MLflow wrote beside a model; null for files that MLflow did not log. */
export async function readMlflowModel(blobs: BlobStore, files: readonly FileEntry[]): Promise<MlflowModel | null> {
  const mlmodel = await readMlmodel(blobs, files);
  if (mlmodel === null) return null;
  const python = yamlMembers(await readText(blobs, files, "python_env.yaml"))?.python;
  return {
    ...mlmodel,
    requirements: await readText(blobs, files, "requirements.txt"),
    python: /^3\.\d+/.exec(String(python))?.[0] ?? null,
  };
}

const mlflowItself = new Set(["mlflow", "mlflow-skinny", "mlflow-tracing"]);

/**
 * The requirements without MLflow, which the worker does not need to load a model of scikit-learn: measured, 539 MB to
 * install in place of 845 MB (docs/decisions/0012).
 */
export function withoutMlflow(requirements: string): string {
  const nameOf = (line: string) => normaliseName(/^\s*([A-Za-z0-9._-]+)/.exec(line)?.[1] ?? "");
  return requirements
    .split(/\r\n|\r|\n/)
    .filter((line) => !mlflowItself.has(nameOf(line)))
    .join("\n");
}
