import { ModelyardError } from "../contract/errors.ts";
import type { ImageInput } from "../contract/image.ts";
import type { Context, Handler } from "../contract/operations.ts";
import { parseReference } from "../contract/reference.ts";
import { emit } from "../kernel/outbox.ts";
import { checkFiles } from "../register/files.ts";
import { mustFindVersion } from "../register/get-model.ts";
import { filesOf } from "../register/rows/version-files.ts";
import { refuseUndeployable } from "./deployable.ts";
import { checkSample } from "./image/check-sample.ts";
import { isLaidOut, layOut } from "./image/layout.ts";
import { buildKey, manifestDigest } from "./image/manifest.ts";
import { readMlflowModel } from "./image/mlflow-model.ts";
import { type BuildModel, prepareEngine } from "./image/prepare-engine.ts";
import { describeImage, findImageByKey, findImages, insertImage, modelsOf, type StoredImage } from "./image/rows.ts";
import { type ResolvedModel, refuseUnservable } from "./image/source-of-environment.ts";
import type { UsePorts } from "./ports.ts";

type Ports = Pick<
  UsePorts,
  "db" | "clock" | "blobs" | "folders" | "environments" | "exec" | "onnxCheck" | "converters" | "compiler"
>;

export const buildImage =
  (ports: Ports): Handler<"buildImage"> =>
  async (input, context) => {
    const models = await Promise.all(input.models.map((reference) => resolveModel(ports, reference)));
    if (input.upstream !== undefined) refuseBesideUpstream(input);
    else if (input.script === undefined) refuseSeveral(models);
    const script =
      input.script === undefined
        ? undefined
        : { ...input.script, files: await checkFiles(ports.blobs, input.script.files) };
    checkSample(input, models);
    const complete = { ...input, script };
    const key = buildKey(complete, models);
    const standing = await findImageByKey(ports.db, key);
    if (standing !== undefined && (await restore(ports, standing))) return describeImage(standing, false);
    return describeImage(await build(ports, complete, models, key, context), true);
  };

/** `name` or `name@alias` as the `name:version` it means now. */
export async function pinReference(db: Ports["db"], reference: string): Promise<string> {
  return (await mustFindVersion(db, parseReference(reference))).reference;
}

/** Whether the parts of an image still stand on this disk; files that were changed or have gone are written out again. */
async function restore({ folders, blobs, environments }: Ports, image: StoredImage): Promise<boolean> {
  const { environment } = image.manifest;
  if (environment !== null && !(await environments.stands(environment.digest))) return false;
  await layOut(folders, blobs, image);
  return true;
}

async function resolveModel({ db, blobs }: Ports, reference: string): Promise<BuildModel> {
  const found = await mustFindVersion(db, parseReference(reference));
  refuseUndeployable(found);
  const { name, version, digest, framework, reading, signature, sample } = found;
  const files = await filesOf(db, name, version);
  const mlflow = await readMlflowModel(blobs, files);
  return { name, version, digest, framework, reading, signature, sample, files, mlflow };
}

/** A server brings its own packages. */
function refuseBesideUpstream(input: ImageInput): void {
  const given = (["script", "requirements", "conda", "python"] as const).filter((part) => input[part] !== undefined);
  if (given.length > 0)
    throw new ModelyardError("invalid-input", {
      problems: `upstream: cannot be given together with ${given.join(", ")}`,
    });
}

function refuseSeveral(models: readonly ResolvedModel[]): void {
  if (models.length === 0)
    throw new ModelyardError("invalid-input", {
      problems: "models: give --model REF, or a server with --upstream URL",
    });
  if (models.length > 1)
    throw new ModelyardError("not-supported", {
      what: "Several models need an entry script that says how they work together",
      instead: "Give one with --script.",
    });
  for (const model of models) refuseUnservable(model);
}

async function build(
  ports: Ports,
  input: ImageInput,
  models: BuildModel[],
  key: string,
  context: Context,
): Promise<StoredImage> {
  const { db, clock, blobs, folders } = ports;
  const log: string[] = [];
  const onLine = (line: string) => {
    log.push(line);
    context.progress({ event: "log", line });
  };
  const manifest = await prepareEngine(ports, input, models, { onLine, progress: context.progress });
  const digest = manifestDigest(manifest);
  context.progress({ event: "step", step: "image", message: `writing image ${digest.slice(0, 12)}` });
  await layOut(folders, blobs, { digest, manifest });
  const pinned = { ...input, models: modelsOf(manifest) };
  const image = { digest, input: pinned, manifest, log, createdAt: clock.now(), createdBy: context.actor.name };
  await db.transaction(async (tx) => {
    for (const { name, version } of models) await mustFindVersion(tx, { name, version });
    const isNew = (await findImages(tx, digest)).length === 0;
    await insertImage(tx, image, key);
    const data = { digest, models: pinned.models };
    const told = { subject: `images/${digest}`, data, actor: image.createdBy, at: image.createdAt };
    if (isNew) await emit(tx, { type: "modelyard.image.created", ...told });
  });
  // the same image may have been deleted between the two
  if (!(await isLaidOut(folders, digest))) await layOut(folders, blobs, image);
  return image;
}
