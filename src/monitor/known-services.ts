import { ModelyardError } from "../contract/errors.ts";
import type { Db } from "../kernel/db.ts";
import { findService } from "../use/rows.ts";

interface Tables {
  usage_slots: { service: string };
}

/** Whether there is, or was, a service of this name. */
export async function isKnownService(db: Db, name: string): Promise<boolean> {
  if ((await findService(db, name)) !== undefined) return true;
  const used = db.tables<Tables>().selectFrom("usage_slots").select("service").where("service", "=", name).limit(1);
  return (await used.executeTakeFirst()) !== undefined;
}

/** Throws service-not-found when no service of this name is here and none was asked. */
export async function mustKnowService(db: Db, service: string): Promise<void> {
  if (!(await isKnownService(db, service))) throw new ModelyardError("service-not-found", { service });
}
