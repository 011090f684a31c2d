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

/** Whether this is the key of a service here. One that is open to everybody tells nothing of who asks, unless all are. */
export function opensAny(table: ServiceTable, authorization: string | undefined): boolean {
  const all = table.all();
  const locked = all.filter(({ wanted }) => wanted.auth !== "none");
  return (locked.length === 0 ? all : locked).some(({ wanted }) => mayUse(wanted, authorization));
}
