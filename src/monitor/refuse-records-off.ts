import { ModelyardError } from "../contract/errors.ts";
import type { Db } from "../kernel/db.ts";
import { findService } from "../use/rows.ts";

/** For what found no rows: throws records-off for a service that keeps none, where to look further back would lead in circles. */
export async function refuseRecordsOff(db: Db, service: string): Promise<void> {
  const found = await findService(db, service);
  if (found?.settings.record === "off") throw new ModelyardError("records-off", { service });
}
