import { ModelyardError } from "../contract/errors.ts";
import type { ModelDetail, ModelVersion } from "../contract/model.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindModel, resolveAlias } from "./find-model.ts";
import type { ModelInspection } from "./pickle/inspect.ts";
import type { RegisterPorts } from "./ports.ts";
import { filesOf, findVersion, type VersionTexts } from "./rows/versions.ts";

type Ports = Pick<RegisterPorts, "db" | "uses">;

export const getModel =
  (ports: Ports): Handler<"getModel"> =>
  async ({ name, version, alias }) => {
    if (version !== undefined && alias !== undefined)
      throw new ModelyardError("invalid-input", { problems: "give a version or an alias, not both" });
    const found = await resolveAlias(ports.db, { name, version, alias });
    return describeVersion(ports, name, found.version);
  };

export type FoundVersion = ModelVersion & Omit<VersionTexts, "reading"> & { reading: ModelInspection | null };

/** A version, or the highest that is not archived; an unknown one is model-not-found, a model without any model-empty. */
export async function mustFindVersion(db: RegisterPorts["db"], name: string, version?: number): Promise<FoundVersion> {
  const found = await findVersion(db, name, version);
  if (found !== undefined)
    return { ...found, reading: found.reading === null ? null : (JSON.parse(found.reading) as ModelInspection) };
  if (version !== undefined) throw new ModelyardError("model-not-found", { model: `${name}:${version}` });
  await mustFindModel(db, name);
  throw new ModelyardError("model-empty", { model: name });
}

/** A version as lists show it. */
export async function mustFindListed(db: RegisterPorts["db"], name: string, version: number): Promise<ModelVersion> {
  const { reading: _, signature: __, sample: ___, ...listed } = await mustFindVersion(db, name, version);
  return listed;
}

async function describeVersion({ db, uses }: Ports, name: string, version?: number): Promise<ModelDetail> {
  const found = await mustFindVersion(db, name, version);
  return detailOf(db, found, await uses.servicesOf(name, found.version));
}

/** A version with all that is known of it; `services` are those that run it. */
export async function detailOf(
  db: RegisterPorts["db"],
  { reading, ...found }: FoundVersion,
  services: string[],
): Promise<ModelDetail> {
  return {
    ...found,
    files: await filesOf(db, found.name, found.version),
    services,
    reading: reading === null ? null : shownReading(reading),
  };
}

function shownReading({ rootClass, columns, classes, globals }: ModelInspection): ModelDetail["reading"] {
  return { rootClass, columns, classes, globals };
}
