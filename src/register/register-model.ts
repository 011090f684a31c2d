import { ModelyardError } from "../contract/errors.ts";
import type { FileEntry } from "../contract/operation.ts";
import type { Handler } from "../contract/operations.ts";
import { checkFiles, digestOfFiles } from "./files.ts";
import { describeVersion } from "./get-model.ts";
import { inspectModelFile, type ModelInspection } from "./pickle/inspect.ts";
import type { BlobStore, RegisterPorts } from "./ports.ts";
import { insertVersion } from "./rows.ts";

const pickleName = /\.(pkl|pickle|joblib)$/i;

export const registerModel =
  ({ db, clock, blobs, uses }: RegisterPorts): Handler<"registerModel"> =>
  async (input, { actor }) => {
    const files = await checkFiles(blobs, input.files);
    if (files.every((file) => file.size === 0))
      throw new ModelyardError("empty-file", { path: files.map((file) => file.path).join(", ") });
    const reading = await readModel(blobs, files);
    const entry = {
      name: input.name,
      description: input.description ?? null,
      framework: input.framework ?? reading?.framework ?? null,
      frameworkVersion: input.frameworkVersion ?? reading?.frameworkVersion ?? null,
      digest: digestOfFiles(files),
      reading: reading === null ? null : JSON.stringify(reading),
      files,
      tags: input.tags,
      properties: input.properties,
      createdAt: clock.now(),
      createdBy: actor.name,
    };
    const version = await db.transaction((tx) => insertVersion(tx, entry));
    return describeVersion({ db, uses }, input.name, version);
  };

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
