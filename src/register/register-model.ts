import { ModelyardError } from "../contract/errors.ts";
import type { Lineage } from "../contract/model.ts";
import type { Handler, ParsedInputOf } from "../contract/operations.ts";
import { parseReference } from "../contract/reference.ts";
import { type Examined, examineFiles } from "./examine-files.ts";
import { detailOf, mustFindVersion } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { ensureModel } from "./rows/models.ts";
import { insertVersion, type NewVersion } from "./rows/versions.ts";
import { markPii } from "./signature/mark-pii.ts";

export const registerModel =
  ({
    db,
    clock,
    blobs,
    datasets,
    training,
  }: Pick<RegisterPorts, "db" | "clock" | "blobs" | "datasets" | "training">): Handler<"registerModel"> =>
  async (input, { actor, client }) => {
    refuseNothing(input);
    const examined = await examineFiles(blobs, input, actor);
    const at = clock.now();
    const lineage = {
      ...(await pinnedLineage(db, lineageOf(input, examined))),
      ...(client === null ? {} : { registeredFrom: client }),
    };
    const entry = { ...describeEntry(input, examined), lineage, createdAt: at, createdBy: actor.name };
    const who = { by: actor.name, at };
    const { name } = input;
    const baseline = input.baseline && (await training.profile(input.baseline, entry.signature, who));
    const version = await db.transaction(async (tx) => {
      if (await ensureModel(tx, { name, ...who }))
        await recordChange(tx, { type: "modelyard.model.created", name, data: { description: null, tags: {} } }, who);
      // here, so that nobody deletes it between
      const { dataset } = lineage;
      if (dataset !== undefined) entry.lineage.dataset = await datasets.pin(tx, dataset);
      const version = await insertVersion(tx, entry);
      await baseline?.keep(tx, name, version);
      const data = told(entry, examined);
      await recordChange(tx, { type: "modelyard.version.created", name, version, data }, who);
      return version;
    });
    // no service can run what was not there until now
    const detail = await detailOf({ db, blobs }, await mustFindVersion(db, { name, version }), []);
    return baseline === undefined ? detail : { ...detail, baselineLeftOut: baseline.leftOut };
  };

type Input = ParsedInputOf<"registerModel">;

/**
 * The parent as the version it means now: an alias moves, and the highest version changes. A number is taken as it is said; the
 * version may be of another registry, or gone. Errors: model-not-found, model-empty, alias-not-found.
 */
async function pinnedLineage(db: RegisterPorts["db"], lineage: Lineage): Promise<Lineage> {
  if (lineage.parent === undefined) return lineage;
  const reference = parseReference(lineage.parent);
  if (reference.version !== undefined) return lineage;
  return { ...lineage, parent: (await mustFindVersion(db, reference)).reference };
}

/** A version without bytes is one that says where they are. */
function refuseNothing({ files, source }: Input): void {
  if (files.length === 0 && source === undefined)
    throw new ModelyardError("invalid-input", { problems: "files: give the files, or the source where they stay" });
}

const lineageOf = ({ lineage }: Input, { runId }: Examined): Lineage => ({
  ...(runId === undefined ? {} : { runId }),
  ...lineage,
});

/** What was said wins over what the files show. */
function describeEntry(input: Input, examined: Examined): Omit<NewVersion, "lineage" | "createdAt" | "createdBy"> {
  const { name, tags, properties, metrics } = input;
  const { files, digest, reading } = examined;
  return {
    name,
    files,
    digest,
    tags,
    properties,
    metrics,
    description: input.description ?? null,
    framework: input.framework ?? examined.framework,
    frameworkVersion: input.frameworkVersion ?? examined.frameworkVersion,
    reading,
    source: input.source ?? null,
    signature: markPii(input.signature ?? examined.signature, input.pii ?? []),
    sample: input.sample ?? examined.sample,
  };
}

/** What the history and the event tell of a new version. */
function told(entry: NewVersion, { warnings }: Examined): object {
  const { digest, source, description, tags, framework, metrics, lineage } = entry;
  const { registeredFrom = null, runId = null } = lineage;
  return { registeredFrom, digest, source, runId, description, tags, framework, metrics, ...warnings };
}
