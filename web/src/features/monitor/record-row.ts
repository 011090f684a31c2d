import type { RecordSummary } from "../../../../src/contract/records.ts";

/** What the table shows of a record. */
export interface RecordRow
  extends Pick<RecordSummary, "id" | "at" | "revision" | "status" | "durationMs" | "mirrored"> {
  service: string;
  models: string;
  caller: string | null;
  /** Null where it is the id. */
  correlationId: string | null;
}

/**
 * Takes from records what the table shows; texts that many have are kept once. A hundred thousand that were scrolled through stay in the
 * page, and are less than half of what was fetched.
 */
export function makeRowOf(): (record: RecordSummary) => RecordRow {
  const texts = new Map<string, string>();
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  return ({ id, at, service, revision, models, status, durationMs, mirrored, caller, correlationId }) => ({
    ...{ id, at, revision, status, durationMs, mirrored },
    service: once(service),
    models: once(models.join(", ")),
    caller: caller === null ? null : once(caller),
    correlationId: correlationId === id ? null : correlationId,
  });
}
