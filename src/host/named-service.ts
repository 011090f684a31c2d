import { ModelyardError } from "../contract/errors.ts";
import { keyWanted, mayUse } from "./auth.ts";
import type { Service, ServiceTable } from "./service-table.ts";

/**
 * The service of a request that needs a key, which is checked next. Whose key opens nothing here is not told which names there are: the answer is
 * that of a wrong key, over HTTP and over gRPC. Errors: service-not-found; unauthenticated.
 */
export function namedService(table: ServiceTable, name: string, authorization: string | undefined): Service {
  const found = table.find(name);
  if (found !== undefined) return found;
  if (!opensAny(table, authorization)) throw keyWanted(authorization);
  throw new ModelyardError("service-not-found", { service: name });
}

/** The services that a key opens; with `only`, that one. Errors: unauthenticated when it opens none; service-not-found. */
export function openServices(table: ServiceTable, authorization: string | undefined, only?: string): Service[] {
  const asked = only === undefined ? table.all() : [namedService(table, only, authorization)];
  const mine = asked.filter(({ wanted }) => mayUse(wanted, authorization));
  if (mine.length === 0) throw keyWanted(authorization);
  return mine;
}

/** Whether this is the key of a service here. One that is open to everybody tells nothing of who asks, unless all are. */
export function opensAny(table: ServiceTable, authorization: string | undefined): boolean {
  const all = table.all();
  const locked = all.filter(({ wanted }) => wanted.auth !== "none");
  return (locked.length === 0 ? all : locked).some(({ wanted }) => mayUse(wanted, authorization));
}
