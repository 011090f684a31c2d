import type { Service, ServiceDetail } from "../../../contract/use.ts";
import { fields, pairsText, shortDigest, sizeText, table, timeText } from "./text.ts";

/** A service with its settings, one name and value a line. */
export function serviceFields(service: Service, now: number): string {
  const { settings } = service;
  return fields([
    ["service", service.name],
    ["state", service.reason === null ? service.state : `${service.state}: ${service.reason}`],
    ["revision", service.revision],
    ["models", service.models.join(" ")],
    ["image", shortDigest(service.image)],
    ["engine", `${service.engine}: ${service.engineReason}`],
    ["scoring URL", service.scoringUri],
    // what is below the path of another server is that server's
    ["swagger URL", service.engine === "http" ? null : service.swaggerUri],
    ["target", settings.target],
    ["auth", settings.auth],
    ["replicas", settings.replicas],
    ["memory limit", settings.memoryMb === 0 ? null : sizeText(settings.memoryMb * 1_000_000)],
    ["time limit", `${settings.timeoutMs} ms`],
    ["queue wait", `${Math.min(settings.maxQueueWaitMs, settings.timeoutMs)} ms`],
    ["at a time", `${settings.maxConcurrentRequests} requests`],
    ["body limit", sizeText(settings.maxBodyBytes)],
    ["record", [settings.record, ...settings.recordAlso.map((rule) => `and ${rule}`)].join(" ")],
    ["columns", pairsText(service.recordColumns)],
    ["collect", settings.collect],
    ["origins", settings.corsOrigins.join(" ")],
    ["env", pairsText(settings.env)],
    ["created", timeText(service.createdAt, now)],
    ["updated", timeText(service.updatedAt, now)],
  ]);
}

/** A service with its replicas. */
export function serviceText(service: ServiceDetail, now: number): string {
  const replicas = service.replicas.map(({ state, pid, restarts, reason }) => [state, pid, restarts, reason]);
  const head = serviceFields(service, now);
  return replicas.length === 0 ? head : `${head}\n\n${table(["REPLICA", "PID", "RESTARTS", "REASON"], replicas)}`;
}
