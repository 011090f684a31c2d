import { ModelyardError } from "../contract/errors.ts";
import type { SeenRevision, SeenState } from "../contract/host.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Service, ServiceDetail } from "../contract/use.ts";
import { engineReason } from "./image/engine-reason.ts";
import { findImages } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";
import { columnRules } from "./record-rules.ts";
import { findService, type StoredService } from "./rows.ts";

type Ports = Pick<UsePorts, "db" | "targets" | "log">;

export async function mustFindService(db: UsePorts["db"], name: string): Promise<StoredService> {
  const service = await findService(db, name);
  if (service === undefined) throw new ModelyardError("service-not-found", { service: name });
  return service;
}

/** What each target sees now, or why it does not answer. */
type Observed = Map<string, SeenState | ModelyardError>;

export async function observeAll({ targets, log }: Ports): Promise<Observed> {
  const seen: Observed = new Map();
  for (const target of Object.values(targets)) {
    try {
      seen.set(target.name, await target.observe());
    } catch (error) {
      seen.set(target.name, asModelyardError(error));
      log.warn({ target: target.name, reason: String(error) }, "the target does not answer");
    }
  }
  return seen;
}

export async function describeService(
  ports: Ports,
  service: StoredService,
  observed: Observed,
): Promise<ServiceDetail> {
  const target = ports.targets[service.settings.target];
  const seen = observed.get(service.settings.target);
  const here = seen instanceof ModelyardError ? undefined : seen?.services.find((entry) => entry.name === service.name);
  const revision = here?.revisions.find((entry) => entry.number === service.revision) ?? here?.revisions.at(-1);
  const [image] = await findImages(ports.db, service.image);
  const base = `${target?.scoringUrl() ?? ""}/services/${service.name}`;
  return {
    name: service.name,
    ...stateOf(service, seen, revision),
    revision: service.revision,
    image: service.image,
    models: image?.input.models ?? [],
    engine: image?.manifest.engine ?? "python",
    engineReason: image === undefined ? "its image is gone" : engineReason(image.manifest, image.log),
    readyReplicas: (revision?.replicas ?? []).filter(({ state }) => state === "ready").length,
    scoringUri: `${base}/score`,
    swaggerUri: `${base}/swagger.json`,
    settings: service.settings,
    recordColumns: Object.fromEntries(
      columnRules(service.settings, image?.manifest.pii ?? []).map(({ column, rule }) => [column, rule]),
    ),
    createdAt: service.createdAt,
    updatedAt: service.updatedAt,
    replicas: revision?.replicas ?? [],
  };
}

function stateOf(
  service: StoredService,
  seen: SeenState | ModelyardError | undefined,
  revision: SeenRevision | undefined,
): Pick<Service, "state" | "reason"> {
  if (service.wanted === "stopped") return { state: "stopped", reason: null };
  if (seen === undefined || seen instanceof ModelyardError)
    return { state: "unknown", reason: seen?.message ?? `There is no target ${service.settings.target}.` };
  if (revision === undefined) return { state: "starting", reason: seen.reason ?? null };
  const { state, reason } = revision;
  return { state: state === "draining" ? "starting" : state, reason };
}

/** The list's shape of a service: all but its replicas. */
export function withoutReplicas({ replicas: _, ...service }: ServiceDetail): Service {
  return service;
}

export async function describeNow(ports: Ports, name: string): Promise<ServiceDetail> {
  return describeService(ports, await mustFindService(ports.db, name), await observeAll(ports));
}
