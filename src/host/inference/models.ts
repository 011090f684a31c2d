import type { IncomingHttpHeaders } from "node:http";
import { ModelyardError } from "../../contract/errors.ts";
import { authenticate } from "../auth.ts";
import type { ServerPorts } from "../languages/language.ts";
import { namedService, openServices } from "../named-service.ts";
import type { Revision } from "../revision.ts";
import { hasTraffic, isReady, nextRevision, requireReplica, revisionNamed, type Service } from "../service-table.ts";

/** What the Open Inference Protocol is asked, over HTTP or gRPC: a service is a model, a revision its version. */
export interface InferenceCall {
  /** `Bearer` with the key of a service, or with a token of the server. */
  authorization: string | undefined;
  requestId: string;
  ports: ServerPorts;
  /** The one service that is asked below its own path. */
  only?: string | undefined;
}

/** A model, and a version of it when one is named. */
export interface ModelName {
  name: string;
  version?: string | undefined;
}

export const serverMetadata = ({ ports }: InferenceCall) => ({
  name: "modelyard",
  version: ports.version,
  extensions: ["binary_tensor_data", "model_configuration", "model_repository", "statistics"],
});

/** Ready when every model is, as the protocol has it; one that was never deployed does not count. Tells no name: it needs no key. */
export function isServerReady(call: InferenceCall): boolean {
  const { table } = call.ports;
  return call.only === undefined ? table.all().filter(hasTraffic).every(isReady) : isReady(table.get(call.only));
}

/** The services of the call's address that its key opens. Errors: unauthenticated when it opens none; service-not-found. */
export const openedServices = ({ authorization, only, ports }: InferenceCall): Service[] =>
  openServices(ports.table, authorization, only);

/** Error: service-not-found, for other services below the path of one. */
function requireInPlace({ only }: InferenceCall, name: string): void {
  if (only !== undefined && only !== name) throw new ModelyardError("service-not-found", { service: name });
}

/** The revision that answers now: the named one, or the next for such headers. Errors: no-replica, revision-not-found. */
export const revisionFor = (
  service: Service,
  version: string | undefined,
  headers: IncomingHttpHeaders = {},
): Revision =>
  version === undefined || version === "" ? nextRevision(service, headers) : revisionNamed(service, version);

/** Errors: service-not-found, revision-not-found, no-replica. Needs no key. */
export function requireReady(call: InferenceCall, { name, version }: ModelName): void {
  requireInPlace(call, name);
  const service = call.ports.table.get(name);
  if (version === undefined || version === "") requireReplica(service);
  else revisionFor(service, version);
}

/** A service whose key came. Errors: service-not-found, unauthenticated. */
export function openService(call: InferenceCall, name: string): Service {
  requireInPlace(call, name);
  const service = namedService(call.ports.table, name, call.authorization);
  authenticate(service.wanted, call.authorization);
  return service;
}

/**
 * The services the key opens, with every revision that runs, and those that are stopped; with `ready`, only the revisions that are. Error:
 * unauthenticated.
 */
export function repositoryIndex(call: InferenceCall, ready = false) {
  return openedServices(call).flatMap(({ wanted, live }) => {
    if (live.size === 0)
      return ready ? [] : [{ name: wanted.name, version: "", state: "UNAVAILABLE", reason: "it is stopped" }];
    return [...live.values()]
      .filter((revision) => !ready || revision.isReady())
      .map((revision) => {
        const { number, state } = revision.seen();
        const place = { name: wanted.name, version: String(number) };
        return revision.isReady()
          ? { ...place, state: "READY", reason: "" }
          : { ...place, state: "UNAVAILABLE", reason: `it is ${state}` };
      });
  });
}
