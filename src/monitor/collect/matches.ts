import { uuidOfTrace } from "../../kernel/trace-context.ts";
import type { RecordFile } from "./rows/files.ts";
import type { RecordFilter, RecordRow, StoredRecord } from "./rows/records.ts";

/** Whether a record is asked for by an id: its own, or what the client called it. */
export const goesBy = (record: Pick<StoredRecord, "id" | "correlation_id">, id: string): boolean =>
  record.id === id || record.correlation_id === id;

/** Whether a record of a file is what a filter asks for; `filtered` of rows/records.ts says the same in SQL. */
export function matches(record: StoredRecord, filter: RecordFilter): boolean {
  const { id, service, revision, model, sinceMs, untilMs, status, traceId, correlationId } = filter;
  if (id !== undefined && record.id !== id) return false;
  if (service !== undefined && record.service !== service) return false;
  if (revision !== undefined && record.revision !== revision) return false;
  if (sinceMs !== undefined && record.at < sinceMs) return false;
  if (untilMs !== undefined && record.at >= untilMs) return false;
  if (status !== undefined && !String(record.status).startsWith(status.replace("xx", ""))) return false;
  if (
    traceId !== undefined &&
    (record.trace_id ?? record.id) !== (record.trace_id === null ? uuidOfTrace(traceId) : traceId)
  )
    return false;
  if (correlationId !== undefined && !goesBy(record, correlationId)) return false;
  if (model === undefined) return true;
  const { name, version } = model;
  return record.models.some((one) =>
    version === undefined ? one.startsWith(`${name}:`) : one === `${name}:${version}`,
  );
}

/** What `matches` looks at in the records of one file, by the names of the database; nothing when all of them fit. */
export function fieldsAsked(
  { id, model, sinceMs, untilMs, status, traceId, correlationId }: RecordFilter,
  file: Pick<RecordFile, "first_at" | "last_at">,
): (keyof StoredRecord)[] {
  const isWithin = file.first_at >= (sinceMs ?? 0) && file.last_at < (untilMs ?? Number.POSITIVE_INFINITY);
  const asked: [unknown, (keyof StoredRecord)[]][] = [
    [id, ["id"]],
    [model, ["image"]],
    [isWithin ? undefined : "time", ["at"]],
    [status, ["status"]],
    [traceId, ["id", "trace_id"]],
    [correlationId, ["id", "correlation_id"]],
  ];
  return [...new Set(asked.flatMap(([value, fields]) => (value === undefined ? [] : fields)))];
}

/** The ids that a record can be asked for by. */
export const idsOf = ({
  id,
  correlation_id,
  trace_id,
}: Pick<RecordRow, "id" | "correlation_id" | "trace_id">): string[] =>
  [id, correlation_id, trace_id].filter((one) => one !== null);

/** Ids of which a record that matches has one; undefined when the filter names none. */
export function idsAsked({ id, traceId, correlationId }: RecordFilter): string[] | undefined {
  if (id !== undefined) return [id];
  if (correlationId !== undefined) return [correlationId];
  return traceId === undefined ? undefined : [traceId, uuidOfTrace(traceId)];
}
