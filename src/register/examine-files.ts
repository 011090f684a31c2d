import { ModelyardError } from "../contract/errors.ts";
import type { ModelSample, ModelSignature } from "../contract/model.ts";
import type { FileEntry } from "../contract/operation.ts";
import type { Context } from "../contract/operations.ts";
import { versionDigest } from "../kernel/version-digest.ts";
import { checkFiles } from "./files.ts";
import { frameworkOf, readMlmodel } from "./mlmodel/read-mlmodel.ts";
import { readSample } from "./mlmodel/read-sample.ts";
import { inspectModelFile, type ModelInspection } from "./pickle/inspect.ts";
import type { BlobStore } from "./ports.ts";
import { type Finding, mayTakeUnsafe, refuseUnsafe } from "./safety/refuse-unsafe.ts";
import { unsafeFindings } from "./safety/unsafe-findings.ts";
import { readSignature } from "./signature/read-signature.ts";

const pickleName = /\.(pkl|pickle|joblib)$/i;

/** What the files of a version show by themselves. */
export interface Examined {
  files: FileEntry[];
  digest: string;
  /** JSON of a ModelInspection. */
  reading: string | null;
  /** For history and event: what was taken although it is unsafe. */
  warnings: { unsafe?: Finding[] };
  framework: string | null;
  frameworkVersion: string | null;
  signature: ModelSignature | null;
  sample: ModelSample | null;
  runId: string | undefined;
}

/**
 * Checks the files of a version and reads what they show; executes nothing of them.
 * Throws forbidden, unsafe-path, blob-not-found, empty-file, not-a-pickle, unsafe-pickle.
 */
export async function examineFiles(
  blobs: BlobStore,
  input: { files: readonly FileEntry[]; allowUnsafe: boolean; framework?: string | null | undefined },
  actor: Context["actor"],
): Promise<Examined> {
  mayTakeUnsafe(input, actor);
  const files = await checkFiles(blobs, input.files);
  if (files.length > 0 && files.every((file) => file.size === 0))
    throw new ModelyardError("empty-file", { path: files.map((file) => file.path).join(", ") });
  const reading = await readModel(blobs, files);
  const mlmodel = await readMlmodel(blobs, files);
  const { framework = null, frameworkVersion = null } = { ...reading, ...frameworkOf(mlmodel) };
  const unsafe = await unsafeFindings(blobs, files, input.framework ?? framework);
  if (!input.allowUnsafe) refuseUnsafe(unsafe);
  return {
    files,
    digest: versionDigest(files),
    reading: reading === null ? null : JSON.stringify(reading),
    warnings: unsafe.length === 0 ? {} : { unsafe },
    framework,
    frameworkVersion,
    signature: await readSignature(blobs, files, reading),
    sample: await readSample(blobs, files, mlmodel),
    runId: mlmodel?.runId ?? undefined,
  };
}

/** Reads what the one model file shows without executing it; a file that claims to be a pickle and is none is refused. */
async function readModel(blobs: BlobStore, files: FileEntry[]): Promise<ModelInspection | null> {
  const pickles = files.filter((file) => pickleName.test(file.path));
  const only = pickles.length === 1 ? pickles[0] : files.length === 1 ? files[0] : undefined;
  if (only === undefined) return null;
  if (only.size === 0) throw new ModelyardError("empty-file", { path: only.path });
  const reading = await inspectModelFile(blobs.pathOf(only.digest));
  if (reading.error !== undefined && reading.kind !== "compressed" && pickleName.test(only.path))
    throw new ModelyardError("not-a-pickle", { path: only.path, reason: reading.error.reason });
  return reading.error === undefined || reading.kind === "compressed" ? reading : null;
}
