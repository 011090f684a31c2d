import { ModelyardError } from "../contract/errors.ts";
import type { Db } from "../kernel/db.ts";
import { findRevision, findService, selectServices } from "../use/rows.ts";
import { findExternalService, selectExternalServices } from "./collections/external/rows.ts";
import { selectLastImage, selectModelsOfImages } from "./usage/rows.ts";

/** A service as monitoring sees it: deployed here, or served elsewhere by what tells of its requests. */
export interface MonitoredService {
  name: string;
  /** What answers now; 0 when nothing does. Records of a service elsewhere are all of revision 1. */
  revision: number;
  /** `name:version` of what answers. */
  models: readonly string[];
  isRunning(now: number): boolean;
}

/** After so long without an event a service elsewhere counts as gone. */
const silentMs = 30 * 24 * 3_600_000;

/** Undefined when nothing of this name is here, or tells of itself. `revision` asks for the models of another one than answers now. */
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
  if (external === undefined) return undefined;
  const image = await selectLastImage(db, name);
  const models = image === undefined ? [] : ((await selectModelsOfImages(db)).get(image) ?? []);
  return { name, revision: 1, models, isRunning: (now) => external.last_at > now - silentMs };
}

/** Throws service-not-found, or revision-not-found when a revision is asked for that it never had. */
export async function mustBeMonitored(db: Db, name: string, revision?: number): Promise<void> {
  const isHere = (await findService(db, name)) !== undefined;
  if (!isHere && (await findExternalService(db, name)) === undefined)
    throw new ModelyardError("service-not-found", { service: name });
  if (isHere && revision !== undefined && (await findRevision(db, name, revision)) === undefined)
    throw new ModelyardError("revision-not-found", { service: name, revision });
}

/** Names of the services that are asked to answer and do, here and elsewhere. */
export async function runningServices(db: Db, now: number): Promise<string[]> {
  const here = (await selectServices(db)).filter(({ wanted, revision }) => wanted === "running" && revision > 0);
  const elsewhere = await selectExternalServices(db, now - silentMs);
  return [...new Set([...here.map(({ name }) => name), ...elsewhere])];
}
