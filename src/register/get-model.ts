import { ModelyardError } from "../contract/errors.ts";
import type { ModelDetail, ModelVersion } from "../contract/model.ts";
import type { Handler } from "../contract/operations.ts";
import type { ModelReference } from "../contract/reference.ts";
import { mustFindModel } from "./find-model.ts";
import { readMlmodel } from "./mlmodel/read-mlmodel.ts";
import type { ModelInspection } from "./pickle/inspect.ts";
import type { RegisterPorts } from "./ports.ts";
import { filesOf } from "./rows/version-files.ts";
import { findVersion, type VersionTexts } from "./rows/versions.ts";
import { labelsOf } from "./tracking/labels/rows.ts";

type Ports = Pick<RegisterPorts, "db" | "blobs" | "uses">;

export const getModel =
  (ports: Ports): Handler<"getModel"> =>
  async ({ name, version, alias }) => {
    if (version !== undefined && alias !== undefined)
      throw new ModelyardError("invalid-input", { problems: "give a version or an alias, not both" });
    const found = await mustFindVersion(ports.db, { name, version, alias });
    return detailOf(ports, found, await ports.uses.servicesOf(ports.db, name, found.version));
  };

export type FoundVersion = ModelVersion & Omit<VersionTexts, "reading"> & { reading: ModelInspection | null };

/**
 * The version a reference means: of a name alone the highest that is not archived. Throws model-not-found, alias-not-found,
 * and model-empty for a model without any.
 */
export async function mustFindVersion(db: RegisterPorts["db"], reference: ModelReference): Promise<FoundVersion> {
  const found = await findVersion(db, reference);
  if (found !== undefined)
    return { ...found, reading: found.reading === null ? null : (JSON.parse(found.reading) as ModelInspection) };
  const { name, version, alias } = reference;
  if (version !== undefined) throw new ModelyardError("model-not-found", { model: `${name}:${version}` });
  await mustFindModel(db, name);
  if (alias !== undefined) throw new ModelyardError("alias-not-found", { model: name, alias });
  throw new ModelyardError("model-empty", { model: name });
}

/** A version as lists show it. */
export async function mustFindListed(db: RegisterPorts["db"], reference: ModelReference): Promise<ModelVersion> {
  const { reading: _, signature: __, sample: ___, ...listed } = await mustFindVersion(db, reference);
  return listed;
}

/** A version with all that is known of it; `services` are those that run it. */
export async function detailOf(
  { db, blobs }: Pick<RegisterPorts, "db" | "blobs">,
  { reading, ...found }: FoundVersion,
  services: string[],
): Promise<ModelDetail> {
  const files = await filesOf(db, found.name, found.version);
  // a damaged file is told by verify; what else is known of the version can be shown without it
  const mlmodel = await readMlmodel(blobs, files).catch(() => null);
  return {
    ...found,
    files,
    services,
    flavors: mlmodel?.flavors ?? [],
    params: await paramsOf(db, found.lineage),
    reading: reading === null ? null : shownReading(reading),
  };
}

/** What clients of MLflow logged as parameters to the run and the logged model of a version, by name. */
async function paramsOf(db: RegisterPorts["db"], { runId, loggedModel }: ModelVersion["lineage"]) {
  const owners = [runId, loggedModel].filter((owner) => owner !== undefined);
  const logged = await labelsOf(db, "tracking_params", owners);
  const pairs = [...logged.values()].flatMap((params) => Object.entries(params));
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shownReading({ rootClass, columns, classes, globals }: ModelInspection): ModelDetail["reading"] {
  return { rootClass, columns, classes, globals };
}
