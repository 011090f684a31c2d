import type { LabelValue } from "../../contract/labels.ts";
import { parseReference } from "../../contract/reference.ts";
import type { Db } from "../../kernel/db.ts";
import { mustFindVersion } from "../../register/get-model.ts";

/** The classes of a model in the order of its scores, as its file says them; null when it does not, or is not here any more. */
export async function classesOfModels(db: Db, models: readonly string[]): Promise<readonly LabelValue[] | null> {
  const [model, ...others] = models;
  if (model === undefined || others.length > 0) return null;
  const { name, version } = parseReference(model);
  const found = version === undefined ? undefined : await mustFindVersion(db, { name, version }).catch(() => undefined);
  return found?.reading?.classes ?? null;
}
