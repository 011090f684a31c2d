import { ModelyardError } from "../contract/errors.ts";
import type { Model } from "../contract/model.ts";
import { type ModelReference, parseReference } from "../contract/reference.ts";
import type { Db } from "../kernel/db.ts";
import { findAlias } from "./rows/aliases.ts";
import { findModel, findModelRow } from "./rows/models.ts";
import { numbersOf } from "./rows/versions.ts";

/** A model by its name; throws model-not-found. */
export async function mustFindModel(db: Db, name: string): Promise<Model> {
  const model = await findModel(db, name);
  if (model === undefined) throw new ModelyardError("model-not-found", { model: name });
  return model;
}

/** Throws model-not-found when `name:version` is not registered; archived ones are. */
export async function mustKnowVersion(db: Db, reference: string): Promise<void> {
  const { name, version } = parseReference(reference);
  if (!(await numbersOf(db, name)).some((number) => number === version))
    throw new ModelyardError("model-not-found", { model: reference });
}

/** A reference with its alias resolved to the version it means now; throws alias-not-found, and model-not-found before it. */
export async function resolveAlias(
  db: Db,
  { name, version, alias }: ModelReference,
): Promise<{ name: string; version: number | undefined }> {
  if (alias === undefined) return { name, version };
  const found = await findAlias(db, name, alias);
  if (found !== undefined) return { name, version: found.version };
  await mustFindModel(db, name);
  throw new ModelyardError("alias-not-found", { model: name, alias });
}

/** The same from text, for the filters of lists; undefined stays undefined. */
export async function resolveReference(
  db: Db,
  reference: string | undefined,
): Promise<{ name: string; version: number | undefined } | undefined> {
  return reference === undefined ? undefined : resolveAlias(db, parseReference(reference));
}

/** The same for what is made of records, where models and versions stay that were deleted. Throws model-not-found for what never was, too. */
export async function resolveRecorded(db: Db, reference: string | undefined): ReturnType<typeof resolveReference> {
  const found = await resolveReference(db, reference);
  if (found === undefined) return undefined;
  const row = await findModelRow(db, found.name);
  if (row === undefined || (found.version ?? 0) > row.last_version)
    throw new ModelyardError("model-not-found", { model: reference });
  return found;
}
