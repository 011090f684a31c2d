import { ModelyardError } from "../../contract/errors.ts";
import type { ImageInput, Manifest } from "../../contract/image.ts";
import type { ModelSample, ModelSignature } from "../../contract/model.ts";
import type { Context } from "../../contract/operations.ts";
import { type Upstream, upstreamText } from "../../contract/upstream.ts";
import type { UsePorts } from "../ports.ts";
import { checkOnnx } from "./check-onnx.ts";
import { checkScript } from "./check-script.ts";
import { type Compiling, compileModel } from "./compile.ts";
import { compiledText, notCompiled } from "./engine-reason.ts";
import { interpreterOf } from "./layout.ts";
import { type Engine, makeManifest } from "./manifest.ts";
import { onnxFileOf } from "./onnx-file.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";
import { rowsOfSample } from "./sample-rows.ts";
import { type ResolvedModel, sourceOfEnvironment } from "./source-of-environment.ts";

type Ports = Pick<UsePorts, "blobs" | "folders" | "environments" | "exec" | "onnxCheck" | "converters" | "compiler">;

/** A model to build an image of, with what its version says of its input. */
export interface BuildModel extends ResolvedModel {
  signature: ModelSignature | null;
  sample: ModelSample | null;
}

/** Where the way to an image tells what goes on. */
export interface Told extends Pick<Context, "progress"> {
  onLine(line: string): void;
}

/** Seconds of converting and comparing: nobody waits long for what was not asked for. */
const limitsMs = { auto: 90_000, require: 900_000 };

/** Prepares what runs an image, and describes the image. Throws what building an environment throws, onnx-invalid, not-compiled. */
export function prepareEngine(ports: Ports, input: ImageInput, models: BuildModel[], told: Told): Promise<Manifest> {
  if (input.upstream !== undefined) return prepareUpstream(input, models, input.upstream, told);
  const [model] = models;
  const isOnnx = input.script === undefined && model !== undefined && onnxFileOf(model) !== undefined;
  return isOnnx ? prepareOnnx(ports, input, models, told) : preparePython(ports, input, models, told);
}

/** Nothing to prepare: whether the server answers is found out when a revision starts. */
async function prepareUpstream(
  input: ImageInput,
  models: BuildModel[],
  upstream: Upstream,
  { onLine }: Told,
): Promise<Manifest> {
  onLine(`requests go to ${upstreamText(upstream)}`);
  return makeManifest(input, models, upstream);
}

/** The host runs such a model by itself: no packages, no Python. */
async function prepareOnnx(
  ports: Ports,
  input: ImageInput,
  models: BuildModel[],
  { onLine, progress }: Told,
): Promise<Manifest> {
  const [model] = models;
  const file = model === undefined ? undefined : onnxFileOf(model);
  if (model === undefined || file === undefined) throw new Error("there is no ONNX file");
  progress({ event: "step", step: "check", message: `running ${file.path} once` });
  if (input.requirements !== undefined || input.conda !== undefined || input.python !== undefined)
    onLine("ONNX runs without Python: the packages that are named are not installed");
  const named = { path: ports.blobs.pathOf(file.digest), model: `${file.path} of ${model.name}:${model.version}` };
  const { columns } = await checkOnnx(ports, named);
  onLine(`${file.path} takes rows of ${columns ?? "any number of"} values and ran once`);
  return makeManifest(input, models, { columns });
}

/** A model that logged its Python says which one it needs. */
const pythonOfModels = ([first, ...others]: readonly ResolvedModel[]): string | undefined =>
  others.length === 0 ? (first?.mlflow?.python ?? undefined) : undefined;

async function preparePython(ports: Ports, input: ImageInput, models: BuildModel[], told: Told): Promise<Manifest> {
  const { blobs, folders, environments, exec } = ports;
  told.progress({ event: "step", step: "environment", message: "preparing the Python environment" });
  const environment = await environments.prepare({
    source: sourceOfEnvironment(input, models),
    python: input.python ?? pythonOfModels(models),
    onLine: told.onLine,
  });
  const manifest = makeManifest(input, models, await accelerate(ports, input, models, environment, told));
  if (manifest.script !== null)
    await checkScript({ exec, blobs }, manifest.script, interpreterOf(folders, environment));
  return manifest;
}

/** The compiled form of a model where it has one that may answer in its place; else its environment. Throws not-compiled. */
async function accelerate(
  ports: Ports,
  input: ImageInput,
  models: BuildModel[],
  environment: PreparedEnvironment,
  { progress, onLine }: Told,
): Promise<Engine> {
  const { accelerate: wanted = "auto" } = input;
  const [model] = models;
  const name = models.map((each) => `${each.name}:${each.version}`).join(", ");
  const refuse = (reason: string) => {
    if (wanted === "require") throw new ModelyardError("not-compiled", { model: name, reason });
    onLine(`${notCompiled}${reason}`);
    return environment;
  };
  if (input.script !== undefined) return wanted === "require" ? refuse("an entry script runs in Python") : environment;
  if (wanted === "off" || model === undefined) return refuse("it was asked not to");
  progress({ event: "step", step: "compile", message: "compiling the model, to serve it without Python" });
  const rows = [input.sample, model.sample?.input].flatMap((sample) => rowsOfSample(sample ?? null));
  const types = model.signature?.inputs.map(({ type }) => type) ?? null;
  const made: Compiling = await compileModel(ports, {
    ...{ model, environment, rows, types, onLine },
    limitMs: limitsMs[wanted],
  });
  if ("reason" in made) return refuse(made.reason);
  onLine(compiledText(made.compiled));
  return made;
}
