import { ModelyardError } from "../contract/errors.ts";
import type { FileEntry } from "../contract/operation.ts";
import type { Handler, ParsedInputOf } from "../contract/operations.ts";
import { checkFiles, digestOfFiles } from "./files.ts";
import { detailOf, mustFindVersion } from "./get-model.ts";
import { frameworkOf, readMlmodel } from "./mlmodel/read-mlmodel.ts";
import { inspectModelFile, type ModelInspection } from "./pickle/inspect.ts";
import type { BlobStore, RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { ensureModel } from "./rows/models.ts";
import { insertVersion, type NewVersion } from "./rows/versions.ts";
import { mayTakeUnsafe, refuseUnsafe } from "./safety/refuse-unsafe.ts";
import { unsafeFindings } from "./safety/unsafe-findings.ts";
import { readSignature } from "./signature/read-signature.ts";

const pickleName = /\.(pkl|pickle|joblib)$/i;

export const registerModel =
  ({ db, clock, blobs }: Pick<RegisterPorts, "db" | "clock" | "blobs">): Handler<"registerModel"> =>
  async (input, { actor, client }) => {
    mayTakeUnsafe(input, actor);
    const files = await checkFiles(blobs, input.files);
    refuseEmpty(input, files);
    const reading = await readModel(blobs, files);
    const findings = await unsafeFindings(blobs, files);
    if (!input.allowUnsafe) refuseUnsafe(findings);
    const signature = input.signature ?? (await readSignature(blobs, files, reading));
    const at = clock.now();
    const known = { ...reading, ...frameworkOf(await readMlmodel(blobs, files)) };
    const lineage = { ...input.lineage, ...(client === null ? {} : { registeredFrom: client }) };
    const made = { lineage, signature, createdAt: at, createdBy: actor.name };
    const entry = { ...describeEntry(input, files, reading, known), ...made };
    const who = { by: actor.name, at };
    const { name } = input;
    const version = await db.transaction(async (tx) => {
      if (await ensureModel(tx, { name, ...who }))
        await recordChange(tx, { type: "modelyard.model.created", name, data: { description: null, tags: {} } }, who);
      const version = await insertVersion(tx, entry);
      const unsafe = findings.length === 0 ? {} : { unsafe: findings };
      await recordChange(tx, { type: "modelyard.version.created", name, version, data: told(entry, unsafe) }, who);
      return version;
    });
    // no service can run what was not there until now
    return detailOf(db, await mustFindVersion(db, { name, version }), []);
  };

type Input = ParsedInputOf<"registerModel">;

/** A version without bytes is one that says where they are. */
function refuseEmpty({ source }: Input, files: readonly FileEntry[]): void {
  if (files.length === 0 && source === undefined)
    throw new ModelyardError("invalid-input", { problems: "files: give the files, or the source where they stay" });
  if (files.length > 0 && files.every((file) => file.size === 0))
    throw new ModelyardError("empty-file", { path: files.map((file) => file.path).join(", ") });
}

function describeEntry(
  input: Input,
  files: FileEntry[],
  reading: ModelInspection | null,
  known: Partial<Pick<ModelInspection, "framework" | "frameworkVersion">>,
): Omit<NewVersion, "lineage" | "signature" | "createdAt" | "createdBy"> {
  const { name, tags, properties, metrics } = input;
  return {
    name,
    files,
    tags,
    properties,
    metrics,
    description: input.description ?? null,
    framework: input.framework ?? known.framework ?? null,
    frameworkVersion: input.frameworkVersion ?? known.frameworkVersion ?? null,
    digest: digestOfFiles(files),
    reading: reading === null ? null : JSON.stringify(reading),
    source: input.source ?? null,
    sample: input.sample ?? null,
  };
}

/** What the history and the event tell of a new version. */
function told(entry: NewVersion, unsafe: object): object {
  const { digest, source, description, tags, framework, metrics, lineage } = entry;
  const { registeredFrom = null, runId = null } = lineage;
  return { registeredFrom, digest, source, runId, description, tags, framework, metrics, ...unsafe };
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
