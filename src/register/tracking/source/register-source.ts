import { ModelyardError } from "../../../contract/errors.ts";
import type { ModelVersion } from "../../../contract/model.ts";
import type { Context } from "../../../contract/operations.ts";
import type { SourceInput } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import type { RegisterPorts } from "../../ports.ts";
import { registerModel } from "../../register-model.ts";
import { findModelRow } from "../../rows/models.ts";
import { setLabels } from "../labels/rows.ts";
import { mustFindLoggedModel } from "../logged-models/logged-models.ts";
import { type FrozenSource, freezeSource } from "./frozen-source.ts";

const versionsTag = "mlflow.modelVersions";

/**
 * Makes a version of what a source points to: the files that stand there now, by their digests. What is logged there later
 * changes nothing of the version.
 */
export const registerSource =
  (ports: RegisterPorts) =>
  async (input: SourceInput, context: Context): Promise<ModelVersion> => {
    const { db } = ports;
    const { name, source, runId, runLink, description, tags } = input;
    await refuseUnknownModel(db, name);
    const frozen = isPrompt(tags) ? { files: [], lineage: {}, metrics: {} } : await freezeSource(db, input);
    const { files, metrics, lineage } = withoutUndefined(frozen);
    const given = { ...(runId === undefined ? {} : { runId }), ...(runLink === undefined ? {} : { runLink }) };
    const loggedModel = lineage.loggedModel ?? input.loggedModelId;
    const version = await registerModel(ports)(
      {
        ...{ name, files, source, description, tags, metrics, properties: {}, allowUnsafe: false },
        lineage: { ...given, ...lineage, ...(loggedModel === undefined ? {} : { loggedModel }) },
      },
      context,
    );
    if (loggedModel !== undefined) await tagLoggedModel(db, loggedModel, version);
    return version;
  };

/** MLflow's clients make a model before its versions; a version never makes one. */
async function refuseUnknownModel(db: Db, name: string): Promise<void> {
  const row = await findModelRow(db, name);
  if (row === undefined || row.deleted_at !== null) throw new ModelyardError("model-not-found", { model: name });
}

/** Prompts are versions with text in a tag; their source is a word. */
const isPrompt = (tags: Record<string, string>): boolean => tags["mlflow.prompt.is_prompt"]?.toLowerCase() === "true";

function withoutUndefined({ lineage, ...rest }: FrozenSource): FrozenSource {
  return { ...rest, lineage: Object.fromEntries(Object.entries(lineage).filter(([, value]) => value !== undefined)) };
}

/** Tells the logged model which versions were made of it, as MLflow's server does. */
async function tagLoggedModel(db: Db, id: string, { name, version }: ModelVersion): Promise<void> {
  await db.transaction(async (tx) => {
    const { tags } = await mustFindLoggedModel(tx, id, true);
    const before = tags[versionsTag];
    const list = [...(before === undefined ? [] : asList(before)), { name, version }];
    await setLabels(tx, "tracking_tags", id, { [versionsTag]: JSON.stringify(list) });
  });
}

/** Clients write this tag too; what is no list is replaced. */
function asList(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
