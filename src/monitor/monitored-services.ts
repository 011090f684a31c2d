import { ModelyardError } from "../contract/errors.ts";
import type { Db } from "../kernel/db.ts";
import { findRevision, findService, selectRevisions, selectServices } from "../use/rows.ts";
import { findExternalService, selectExternalServices } from "./collections/external/rows.ts";
import { selectLastImage, selectModelsOfImages } from "./usage/rows.ts";

/** A service as monitoring sees it: deployed here, now or before it was deleted, or served elsewhere by what tells of its requests. */
export interface MonitoredService {
  name: string;
  /** What answers now; 0 when nothing does. Records of a service elsewhere are all of revision 1. */
  revision: number;
  /** `name:version` of what answers, or answered last. */
  models: readonly string[];
  isRunning(now: number): boolean;
}

/** After so long without an event a service elsewhere counts as gone. */
const silentMs = 30 * 24 * 3_600_000;

/** Undefined when nothing of this name is or was here, or tells of itself. `revision` asks for the models of another one than answers now. */
export async function findMonitored(db: Db, name: string, revision?: number): Promise<MonitoredService | undefined> {
  const service = await findService(db, name);
  if (service !== undefined) {
    const found = await findRevision(db, name, revision ?? service.revision);
    return {
      name,
      revision: service.revision,
      models: found?.models ?? [],
      isRunning: () => service.wanted === "running",
    };
  }
  const external = await findExternalService(db, name);
  if (external === undefined) return findDeleted(db, name, revision);
  const image = await selectLastImage(db, name);
  const models = image === undefined ? [] : ((await selectModelsOfImages(db)).get(image) ?? []);
  return { name, revision: 1, models, isRunning: (now) => external.last_at > now - silentMs };
}

/** What is told of its past is compared with the baselines of the models that answered. */
async function findDeleted(db: Db, name: string, revision?: number): Promise<MonitoredService | undefined> {
  const last = (await selectRevisions(db, ["retired"], name)).at(-1);
  if (last === undefined) return undefined;
  const found = revision === undefined ? last : await findRevision(db, name, revision);
  return { name, revision: 0, models: found?.models ?? [], isRunning: () => false };
}

/** For what is set for the time to come: throws service-not-found for a service that is deleted, too. */
export async function mustBeMonitored(db: Db, name: string): Promise<void> {
  if ((await findService(db, name)) === undefined && (await findExternalService(db, name)) === undefined)
    throw new ModelyardError("service-not-found", { service: name });
}

/** Names of the services that are asked to answer and do, here and elsewhere. */
export async function runningServices(db: Db, now: number): Promise<string[]> {
  const here = (await selectServices(db)).filter(({ wanted, revision }) => wanted === "running" && revision > 0);
  const elsewhere = await selectExternalServices(db, now - silentMs);
  return [...new Set([...here.map(({ name }) => name), ...elsewhere])];
}
