import { sinceMs } from "../kernel/time-spans.ts";
import { parseReference } from "../use/reference.ts";
import type { RecordFilter } from "./rows.ts";

/** The filter of a request, with its times as moments. */
export function filterOf(
  {
    service,
    model,
    since,
    status,
  }: {
    service?: string | undefined;
    model?: string | undefined;
    since?: string | undefined;
    status?: string | undefined;
  },
  now: number,
): RecordFilter {
  return {
    service,
    model: model === undefined ? undefined : parseReference(model),
    sinceMs: since === undefined ? undefined : sinceMs(since, now),
    status,
  };
}
