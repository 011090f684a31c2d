import type { Db } from "../../kernel/db.ts";
import { pastMs } from "../../kernel/time-spans.ts";
import { resolveRecorded } from "../../register/find-model.ts";
import { mustKnowService } from "../known-services.ts";
import type { RecordFilter } from "./rows/records.ts";

/** The filter of a request, with its times as moments and an alias as the version it means now. Throws service-not-found, model-not-found, alias-not-found. */
export async function filterOf(
  db: Db,
  {
    service,
    model,
    since,
    status,
    traceId,
    correlationId,
  }: {
    service?: string | undefined;
    model?: string | undefined;
    since?: string | undefined;
    status?: string | undefined;
    traceId?: string | undefined;
    correlationId?: string | undefined;
  },
  now: number,
): Promise<RecordFilter> {
  await mustKnowService(db, service);
  return {
    service,
    model: await resolveRecorded(db, model),
    sinceMs: since === undefined ? undefined : pastMs(since, now),
    status,
    traceId,
    correlationId,
  };
}
