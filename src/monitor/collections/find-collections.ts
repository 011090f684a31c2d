import { ModelyardError } from "../../contract/errors.ts";
import type { Db } from "../../kernel/db.ts";
import { pastMs } from "../../kernel/time-spans.ts";
import { resolveReference } from "../../register/find-model.ts";
import { mustKnowService } from "../known-services.ts";
import { type EntryFilter, type StoredCollection, selectCollections } from "./rows.ts";

interface Wanted {
  service: string;
  collection: string;
  model?: string | undefined;
  since?: string | undefined;
}

/** Models and versions a service may have under one name of a collection. */
const most = 1000;

/** A collection of a service, one for each model version the script names, and the filter of its entries. Errors: service-not-found, collection-not-found. */
export async function findCollections(
  db: Db,
  { service, collection, model, since }: Wanted,
  now: number,
): Promise<{ byId: Map<number, StoredCollection>; filter: EntryFilter }> {
  const found = await selectCollections(db, { service, collection, model: await resolveReference(db, model) }, most);
  if (found.length === 0) {
    await mustKnowService(db, service);
    const wanted = model === undefined ? collection : `${collection} of the model ${model}`;
    throw new ModelyardError("collection-not-found", { service, collection: wanted });
  }
  const filter = {
    collections: found.map(({ id }) => id),
    sinceMs: since === undefined ? undefined : pastMs(since, now),
  };
  return { byId: new Map(found.map((one) => [one.id, one])), filter };
}
