import type { ImageInput, Manifest } from "../../contract/image.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";
import type { ResolvedModel } from "./source-of-environment.ts";

/** Names what was asked for, so that asking again finds the image that stands. */
export function buildKey(input: ImageInput, models: readonly ResolvedModel[]): string {
  const { script, requirements, conda, python, sample } = input;
  return sha256(
    canonicalJson({
      models: models.map(({ name, version, digest }) => ({ name, version, digest })),
      script,
      requirements,
      conda,
      python,
      sample,
    }),
  );
}

export function makeManifest(
  input: ImageInput,
  models: readonly ResolvedModel[],
  environment: PreparedEnvironment,
): Manifest {
  const [first] = models;
  const signature: Manifest["signature"] =
    input.script === undefined
      ? {
          input: { kind: "rows", columns: first?.reading?.columns ?? null, names: first?.reading?.columnNames ?? null },
        }
      : { input: { kind: "text" } };
  return {
    models: models.map(({ name, version, digest, framework, files }) => ({ name, version, digest, framework, files })),
    script:
      input.script === undefined
        ? null
        : { entry: input.script.entry, files: [...input.script.files].sort((a, b) => (a.path < b.path ? -1 : 1)) },
    environment: { digest: environment.digest, python: environment.python, lock: environment.lock },
    signature,
    sample: input.sample ?? sampleOf(signature),
  };
}

/** A row of zeros fits an estimator that was trained on plain numbers; named columns may hold text, so nothing is made up for them. */
function sampleOf({ input }: Manifest["signature"]): string | null {
  if (input.kind !== "rows" || input.columns === null || input.names !== null) return null;
  return JSON.stringify({ data: [new Array(input.columns).fill(0)] });
}

export const manifestDigest = (manifest: Manifest): string => sha256(canonicalJson(manifest));
