import { ModelyardError } from "../../contract/errors.ts";
import { tokenWanted } from "../../contract/token-wanted.ts";
import { askServer } from "../ask-server.ts";
import { mayUse } from "../auth.ts";
import { opensAny } from "../named-service.ts";
import { isReady, type Service } from "../service-table.ts";
import type { InferenceCall } from "./models.ts";

export interface RepositoryChange {
  name: string;
  what: "load" | "unload";
  /** Names of the parameters that came. */
  parameters: readonly string[];
}

/**
 * Starts or stops a service. A key of the service is enough where that changes nothing; anything else is asked of the server, with the
 * caller's own token. Errors: unauthenticated, service-not-found, not-supported, server-unreachable, and what the server refuses.
 */
export async function changeRepository(call: InferenceCall, change: RepositoryChange): Promise<void> {
  const { name, what, parameters } = change;
  const { authorization, only, ports } = call;
  if (only !== undefined && only !== name) throw new ModelyardError("service-not-found", { service: name });
  const operation = what === "load" ? "start" : "stop";
  if (what === "load" && parameters.length > 0)
    throw new ModelyardError("not-supported", {
      what: `Loading ${name} cannot change it, so parameters are not taken`,
      instead: `\`modelyard service update ${name}\` changes what runs.`,
    });
  const standing = ports.table.find(name);
  const opened = standing !== undefined && mayUse(standing.wanted, authorization);
  if (opened && isSo(standing, what)) return;
  if (!authorization) throw tokenWanted("contributor");
  if (standing === undefined && opensAny(ports.table, authorization))
    throw new ModelyardError("service-not-found", { service: name });
  if (opened && standing.wanted.auth === "key")
    throw new ModelyardError("forbidden", {
      role: "of a service's key",
      operation: `${operation}-service`,
      needed: "contributor",
    });
  const url = ports.serverUrl();
  if (url === null)
    throw new ModelyardError("not-supported", {
      what: "No server decides what runs here, so nothing can be loaded or unloaded",
      instead: "Change what this host was told to run.",
    });
  await askServer(url, { path: `/api/v1/services/${encodeURIComponent(name)}/${operation}`, authorization });
}

const isSo = (service: Service, what: RepositoryChange["what"]): boolean =>
  what === "load" ? service.live.size > 0 && isReady(service) : service.live.size === 0;
