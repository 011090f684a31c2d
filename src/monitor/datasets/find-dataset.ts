import { wholeDatasetPattern } from "../../contract/datasets.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Db } from "../../kernel/db.ts";
import { findDatasets, type StoredDataset } from "./rows.ts";

/** The data set that a name and the beginning of a digest mean; of a name alone the newest. Throws dataset-not-found, invalid-input. */
export async function mustFindDataset(db: Db, name: string, digest: string | undefined): Promise<StoredDataset> {
  const [found, another] = await findDatasets(db, name, digest);
  const reference = digest === undefined ? name : `${name}@${digest}`;
  if (found === undefined) throw new ModelyardError("dataset-not-found", { dataset: reference });
  if (digest !== undefined && another !== undefined)
    throw new ModelyardError("invalid-input", { problems: `${reference} begins more than one; give more digits` });
  return found;
}

/**
 * The reference with all its digits, as a version's lineage keeps it. One with all digits is taken as it is said: the data set may be
 * of another server. Throws dataset-not-found.
 */
export async function pinDataset(db: Db, reference: string): Promise<string> {
  if (wholeDatasetPattern.test(reference)) return reference;
  const [name = "", digest] = reference.split("@");
  return (await mustFindDataset(db, name, digest)).reference;
}
