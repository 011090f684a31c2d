import type { Compiled, ImageInput, Manifest } from "../../contract/image.ts";
import type { ModelSignature } from "../../contract/model.ts";
import type { Upstream } from "../../contract/upstream.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import { piiColumns } from "./pii-columns.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";
import type { ResolvedModel } from "./source-of-environment.ts";

/** Names what was asked for, so that asking again finds the image that stands. */
export function buildKey(input: ImageInput, models: readonly ResolvedModel[]): string {
  const { script, requirements, conda, python, sample, accelerate = "auto", upstream } = input;
  return sha256(
    canonicalJson({
      models: models.map(({ name, version, digest }) => ({ name, version, digest })),
      script,
      requirements,
      conda,
      python,
      sample,
      // asking for what is done by default is asking for nothing
      accelerate: accelerate === "auto" ? undefined : accelerate,
      upstream,
    }),
  );
}

/** What runs an image: Python in an environment, the host's own runtime with rows of this width, which a model may be compiled for, or a server that is asked. */
export type Engine = PreparedEnvironment | { columns: number | null; compiled?: Compiled } | Upstream;

type SignedModel = ResolvedModel & { signature: ModelSignature | null };

export function makeManifest(input: ImageInput, models: readonly SignedModel[], engine: Engine): Manifest {
  const [first] = models;
  const { columns, names } = inputOf(engine, first?.reading ?? null);
  const isRows = input.script === undefined && !("health" in engine);
  const signature: Manifest["signature"] = { input: isRows ? { kind: "rows", columns, names } : { kind: "text" } };
  const pii = piiColumns(
    models.map((model) => model.signature),
    signature,
  );
  return {
    models: models.map(({ name, version, digest, framework, files }) => ({ name, version, digest, framework, files })),
    script:
      input.script === undefined
        ? null
        : { entry: input.script.entry, files: [...input.script.files].sort((a, b) => (a.path < b.path ? -1 : 1)) },
    // images of Python keep the digests they had before there was another engine
    ...runBy(engine),
    signature,
    ...(pii === undefined ? {} : { pii }),
    sample: input.sample ?? sampleOf(signature),
  };
}

/** A compiled model takes the names that its own file tells; an ONNX file tells none. */
function inputOf(
  engine: Engine,
  reading: ResolvedModel["reading"],
): { columns: number | null; names: string[] | null } {
  const { columns, columnNames: names } = reading ?? { columns: null, columnNames: null };
  if (!("columns" in engine)) return { columns, names };
  if (engine.compiled === undefined) return { columns: engine.columns, names: null };
  return { columns: columns ?? engine.columns, names };
}

function runBy(engine: Engine): Pick<Manifest, "engine" | "compiled" | "environment" | "upstream"> {
  if ("health" in engine) return { engine: "http", environment: null, upstream: engine };
  if (!("columns" in engine)) return { environment: environmentOf(engine) };
  const { compiled } = engine;
  return { engine: "onnx", ...(compiled === undefined ? {} : { compiled }), environment: null };
}

const environmentOf = ({ digest, python, lock }: PreparedEnvironment) => ({ digest, python, lock });

/** A row of zeros fits an estimator that was trained on plain numbers; named columns may hold text, so nothing is made up for them. */
function sampleOf({ input }: Manifest["signature"]): string | null {
  if (input.kind !== "rows" || input.columns === null || input.names !== null) return null;
  return JSON.stringify({ data: [new Array(input.columns).fill(0)] });
}

export const manifestDigest = (manifest: Manifest): string => sha256(canonicalJson(manifest));
