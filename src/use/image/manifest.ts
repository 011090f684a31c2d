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

/** What runs an image: Python in an environment, or the host's own runtime with rows of this width. */
export type Engine = PreparedEnvironment | { columns: number | null };

export function makeManifest(input: ImageInput, models: readonly ResolvedModel[], engine: Engine): Manifest {
  const [first] = models;
  const read = first?.reading ?? { columns: null, columnNames: null };
  const { columns, columnNames: names } = "columns" in engine ? { ...engine, columnNames: null } : read;
  const signature: Manifest["signature"] = {
    input: input.script === undefined ? { kind: "rows", columns, names } : { kind: "text" },
  };
  return {
    models: models.map(({ name, version, digest, framework, files }) => ({ name, version, digest, framework, files })),
    script:
      input.script === undefined
        ? null
        : { entry: input.script.entry, files: [...input.script.files].sort((a, b) => (a.path < b.path ? -1 : 1)) },
    // images of Python keep the digests they had before there was another engine
    ...("columns" in engine ? { engine: "onnx" as const, environment: null } : { environment: environmentOf(engine) }),
    signature,
    sample: input.sample ?? sampleOf(signature),
  };
}

const environmentOf = ({ digest, python, lock }: PreparedEnvironment) => ({ digest, python, lock });

/** A row of zeros fits an estimator that was trained on plain numbers; named columns may hold text, so nothing is made up for them. */
function sampleOf({ input }: Manifest["signature"]): string | null {
  if (input.kind !== "rows" || input.columns === null || input.names !== null) return null;
  return JSON.stringify({ data: [new Array(input.columns).fill(0)] });
}

export const manifestDigest = (manifest: Manifest): string => sha256(canonicalJson(manifest));
