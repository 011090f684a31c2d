import { ModelyardError } from "../../contract/errors.ts";
import type { Counted } from "../metrics/metrics.ts";
import type { Revision } from "../revision.ts";
import type { Service } from "../service-table.ts";
import { type InferenceCall, type ModelName, openedServices, openService } from "./models.ts";

const nothing = { count: 0, ns: 0 };

/**
 * What was counted since the host started: of one model, of one version, or of all that the key opens. How long requests waited and ran is
 * not told apart. Errors: unauthenticated, service-not-found, revision-not-found.
 * Format: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md
 */
export function modelStatistics(call: InferenceCall, { name, version }: Partial<ModelName>) {
  const services = name === undefined || name === "" ? openedServices(call) : [openService(call, name)];
  const counted = new Map([...call.ports.metrics.counted()].map((one) => [`${one.service}/${one.revision}`, one]));
  return {
    model_stats: services.flatMap((service) =>
      revisionsOf(service, version).map(({ wanted: { number } }) =>
        statisticsOf(service.wanted.name, number, counted.get(`${service.wanted.name}/${number}`)),
      ),
    ),
  };
}

function revisionsOf({ wanted, live }: Service, version: string | undefined): Revision[] {
  const found = [...live.values()];
  if (version === undefined || version === "") return found;
  const one = found.filter((revision) => String(revision.wanted.number) === version);
  if (one.length === 0) throw new ModelyardError("revision-not-found", { service: wanted.name, revision: version });
  return one;
}

function statisticsOf(name: string, revision: number, counted: Counted | undefined) {
  const success = { count: 0, ns: 0 };
  const fail = { count: 0, ns: 0 };
  for (const [status, count] of counted?.statuses ?? []) (status < 400 ? success : fail).count += count;
  fail.ns = nanoseconds(counted?.failedSeconds);
  success.ns = nanoseconds((counted?.latency.sum ?? 0) - (counted?.failedSeconds ?? 0));
  return {
    name,
    version: String(revision),
    last_inference: counted?.lastAt ?? 0,
    // what was run to describe the model is in both; a server that answers by itself tells no rows
    inference_count: Math.max(success.count, counted?.inferences ?? 0),
    execution_count: counted?.executions ?? 0,
    inference_stats: {
      ...{ success, fail, queue: nothing, compute_input: nothing, compute_infer: nothing },
      ...{ compute_output: nothing, cache_hit: nothing, cache_miss: nothing },
    },
    batch_stats: [],
  };
}

const nanoseconds = (seconds = 0): number => Math.max(0, Math.round(seconds * 1e9));
