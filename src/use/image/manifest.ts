import type { Compiled, ImageInput, Manifest } from "../../contract/image.ts";
import type { ModelSample, ModelSignature } from "../../contract/model.ts";
import type { Upstream } from "../../contract/upstream.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import { namedInputs } from "../../register/signature/named-inputs.ts";
import { piiColumns } from "./pii-columns.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";
import { rowsOfSample } from "./sample-rows.ts";
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

type SignedModel = ResolvedModel & { signature: ModelSignature | null; sample: ModelSample | null };

export function makeManifest(input: ImageInput, models: readonly SignedModel[], engine: Engine): Manifest {
  const [first] = models;
  const { columns, names } = inputOf(engine, first);
  const isRows = input.script === undefined && !("health" in engine);
  const types = typesOf(names, first);
  const signature: Manifest["signature"] = isRows
    ? { input: { kind: "rows", columns, names, ...(types === null ? {} : { types }) }, ...paramsOf(first) }
    : { input: { kind: "text" } };
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
    // apart from what could not be compiled: each keeps its own reason, and is found again
    ...(isRows && input.accelerate === "off" && "lock" in engine ? { accelerate: "off" as const } : {}),
    signature,
    ...(pii === undefined ? {} : { pii }),
    sample: input.sample ?? (isRows ? (keptSample(first) ?? sampleOf(columnsOf(engine, first), first)) : null),
  };
}

/** A compiled model takes the names that its own file tells, or MLflow with it; an ONNX file tells none. */
function inputOf(engine: Engine, model: SignedModel | undefined): { columns: number | null; names: string[] | null } {
  const told = columnsOf(engine, model);
  if (model === undefined || ("columns" in engine && engine.compiled === undefined))
    return { columns: told, names: null };
  const names = model.reading?.columnNames ?? loggedNames(model);
  if (told === null) return { columns: names?.length ?? null, names };
  return { columns: told, names: names?.length === told ? names : null };
}

/** The values of a row, as the file of the model tells; of ONNX as its input does. */
function columnsOf(engine: Engine, model: SignedModel | undefined): number | null {
  const columns = "columns" in engine ? engine.columns : null;
  if ("columns" in engine && engine.compiled === undefined) return columns;
  return model?.reading?.columns ?? columns;
}

/** What MLflow calls the types of these columns, where it knows all of them. */
function typesOf(names: string[] | null, model: SignedModel | undefined): string[] | null {
  if (names === null || !model?.mlflow) return null;
  const types = names.map((name) => model.signature?.inputs.find((input) => input.name === name)?.type);
  return types.every((type) => type !== undefined) ? types : null;
}

/** The columns that a model of MLflow takes by its signature, where all have names; MLflow puts those of a request into their order. */
const loggedNames = ({ mlflow, signature }: SignedModel): string[] | null =>
  mlflow === null ? null : namedInputs(signature);

/** An image of a model without parameters keeps the digest it had before these were told. */
function paramsOf(model: SignedModel | undefined): Pick<Manifest["signature"], "params"> {
  const params = model?.signature?.params?.map(({ name, type, shape }) => ({ name, type, shape })) ?? [];
  return params.length === 0 ? {} : { params };
}

function runBy(engine: Engine): Pick<Manifest, "engine" | "compiled" | "environment" | "upstream"> {
  if ("health" in engine) return { engine: "http", environment: null, upstream: engine };
  if (!("columns" in engine)) return { environment: environmentOf(engine) };
  const { compiled } = engine;
  return { engine: "onnx", ...(compiled === undefined ? {} : { compiled }), environment: null };
}

const environmentOf = ({ digest, python, lock }: PreparedEnvironment) => ({ digest, python, lock });

/** A few are enough to see whether a model answers. */
const mostSampleRows = 10;

/** The rows that were registered with a model, or that MLflow kept as its example, where they are plain values. */
function keptSample(model: SignedModel | undefined): string | null {
  const rows = rowsOfSample(model?.sample?.input ?? null).slice(0, mostSampleRows);
  return rows.length === 0 ? null : JSON.stringify({ data: rows });
}

/** A row of zeros fits an estimator that was trained on plain numbers; named columns may hold text, so nothing is made up for them. */
function sampleOf(columns: number | null, model: SignedModel | undefined): string | null {
  if (columns === null || (model?.reading?.columnNames ?? null) !== null) return null;
  return JSON.stringify({ data: [new Array(columns).fill(0)] });
}

export const manifestDigest = (manifest: Manifest): string => sha256(canonicalJson(manifest));
