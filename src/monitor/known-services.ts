import { ModelyardError } from "../contract/errors.ts";
import type { Db } from "../kernel/db.ts";
import { findRevision, findService } from "../use/rows.ts";
import { findExternalService } from "./collections/external/rows.ts";

interface Tables {
  usage_slots: { service: string };
  collections: { service: string };
}

/** Whether there is, or was, a service of this name. A script collects before the first request, and a half of one is told of before the other. */
export async function isKnownService(db: Db, name: string): Promise<boolean> {
  if ((await findService(db, name)) !== undefined) return true;
  for (const table of ["usage_slots", "collections"] as const) {
    const kept = db.tables<Tables>().selectFrom(table).select("service").where("service", "=", name).limit(1);
    if ((await kept.executeTakeFirst()) !== undefined) return true;
  }
  return (await findExternalService(db, name)) !== undefined;
}

/**
 * Throws service-not-found when no service of this name is here and none was asked: an empty list would hide that it is misspelt. No name
 * stands for all services.
 */
export async function mustKnowService(db: Db, service: string | undefined): Promise<void> {
  if (service !== undefined && !(await isKnownService(db, service)))
    throw new ModelyardError("service-not-found", { service });
}

/** For what is told of one service: throws service-not-found the same way, and revision-not-found for a revision that it never had. */
export async function mustKnowRevision(db: Db, service: string, revision: number | undefined): Promise<void> {
  await mustKnowService(db, service);
  if (revision === undefined || (await findRevision(db, service, revision)) !== undefined) return;
  // what is served elsewhere has no revisions here
  if ((await findService(db, service)) === undefined && (await findExternalService(db, service)) !== undefined) return;
  throw new ModelyardError("revision-not-found", { service, revision });
}
