import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { RequestLanguage } from "../../../contract/host.ts";
import type { Db } from "../../../kernel/db.ts";
import { uuidOfTrace } from "../../../kernel/trace-context.ts";
import type { ErasedRecord } from "../consumer.ts";

export interface RecordRow {
  id: string;
  service: string;
  revision: number;
  image: string;
  at: number;
  duration_ms: number;
  status: number;
  body: Uint8Array;
  body_size: number;
  answer: Uint8Array;
  answer_size: number;
  content_type: string | null;
  answer_type: string | null;
  trace_id: string | null;
  mirrored: number;
  language: RequestLanguage | null;
  body_json_bytes: number | null;
  answer_json_bytes: number | null;
  /** What the client calls it; null when that is the id. */
  correlation_id: string | null;
  caller: string | null;
  /** Requests it stands for, where a sample is kept; else 1. */
  weight: number;
}
interface Tables {
  records: RecordRow & { sequence: number };
  record_models: { image: string; model: string };
}

export type StoredRecord = RecordRow & { sequence: number; models: string[] };

export interface RecordFilter {
  id?: string | undefined;
  service?: string | undefined;
  revision?: number | undefined;
  model?: { name: string; version: number | undefined } | undefined;
  sinceMs?: number | undefined;
  /** Before this moment. */
  untilMs?: number | undefined;
  /** `500` or `5xx`. */
  status?: string | undefined;
  /** 32 hexadecimal digits. */
  traceId?: string | undefined;
  /** What the client called it, or its id. */
  correlationId?: string | undefined;
}

type RecordQuery = SelectQueryBuilder<Tables, "records", RecordRow & { sequence: number }>;

function filtered(db: Db, filter: RecordFilter): RecordQuery {
  const { id, service, revision, model, sinceMs, untilMs, status, traceId, correlationId } = filter;
  let query = db.tables<Tables>().selectFrom("records").selectAll() as RecordQuery;
  if (service !== undefined) query = query.where("service", "=", service);
  if (id !== undefined) query = query.where("id", "=", id);
  if (revision !== undefined) query = query.where("revision", "=", revision);
  if (untilMs !== undefined) query = query.where("at", "<", untilMs);
  if (sinceMs !== undefined) query = query.where("at", ">=", sinceMs);
  if (traceId !== undefined)
    query = query.where((eb) =>
      eb.or([eb("trace_id", "=", traceId), eb.and([eb("id", "=", uuidOfTrace(traceId)), eb("trace_id", "is", null)])]),
    );
  if (correlationId !== undefined)
    query = query.where((eb) =>
      eb.or([
        eb("correlation_id", "=", correlationId),
        eb.and([eb("id", "=", correlationId), eb("correlation_id", "is", null)]),
      ]),
    );
  if (status?.endsWith("xx"))
    query = query.where("status", ">=", Number(status[0]) * 100).where("status", "<", Number(status[0]) * 100 + 100);
  else if (status !== undefined) query = query.where("status", "=", Number(status));
  if (model !== undefined) {
    const { name, version } = model;
    const names =
      version === undefined
        ? sql`substr(m.model, 1, ${[...name].length + 1}) = ${`${name}:`}`
        : sql`m.model = ${`${name}:${version}`}`;
    query = query.where(
      sql<SqlBool>`exists (select 1 from record_models m where m.image = records.image and ${names})`,
    );
  }
  return query;
}

/** Records with the models of their images, as they are named now. */
export async function withModels<Row extends Pick<StoredRecord, "image">>(
  db: Db,
  rows: readonly Row[],
): Promise<(Row & Pick<StoredRecord, "models">)[]> {
  const images = [...new Set(rows.map((row) => row.image))];
  if (images.length === 0) return [];
  const models = await db
    .tables<Tables>()
    .selectFrom("record_models")
    .selectAll()
    .where("image", "in", images)
    .orderBy("model")
    .execute();
  return rows.map((row) => ({
    ...row,
    models: models.filter((entry) => entry.image === row.image).map((entry) => entry.model),
  }));
}

/** Newest first, before a sequence number. */
export async function selectRecords(
  db: Db,
  filter: RecordFilter,
  limit: number,
  before?: number,
): Promise<StoredRecord[]> {
  let query = filtered(db, filter).orderBy("sequence", "desc").limit(limit);
  if (before !== undefined) query = query.where("sequence", "<", before);
  return withModels(db, await query.execute());
}

/** The next records behind a sequence number, oldest first. */
export const selectRecordsAfter = async (
  db: Db,
  filter: RecordFilter,
  after: number,
  limit: number,
): Promise<StoredRecord[]> =>
  withModels(db, await filtered(db, filter).where("sequence", ">", after).orderBy("sequence").limit(limit).execute());

/** The newest record of a request id (clients may send one id twice): of the answer that the client got, or of a mirror's. */
export async function selectRecord(db: Db, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("records")
    .selectAll()
    .where("id", "=", id)
    .where("mirrored", "=", mirrored ? 1 : 0)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  return (await withModels(db, row === undefined ? [] : [row]))[0];
}

/** Records of a service that have one of these ids, as their own or as their client's, without their models. */
export const selectRecordsOfIds = (
  db: Db,
  service: string,
  ids: readonly string[],
): Promise<(RecordRow & { sequence: number })[]> =>
  db
    .tables<Tables>()
    .selectFrom("records")
    .selectAll()
    .where("service", "=", service)
    .where((eb) => eb.or([eb("id", "in", ids), eb("correlation_id", "in", ids)]))
    .execute();

/** The sequence up to which there is anything older than a moment; 0 when there is nothing. */
export async function lastSequenceBefore(db: Db, ms: number): Promise<number> {
  const row = await db
    .tables<Tables>()
    .selectFrom("records")
    .select((eb) => eb.fn.max("sequence").as("last"))
    .where("at", "<", ms)
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

/** Records of one revision on their way to a file: of these sequences and this time. */
export interface RecordSpan {
  service: string;
  revision: number;
  firstSequence: number;
  lastSequence: number;
  sinceMs: number;
  untilMs: number;
}

/** Gives how many went. */
export async function deleteSpan(tx: Db, span: RecordSpan): Promise<number> {
  const result = await tx
    .tables<Tables>()
    .deleteFrom("records")
    .where("service", "=", span.service)
    .where("revision", "=", span.revision)
    .where("sequence", ">=", span.firstSequence)
    .where("sequence", "<=", span.lastSequence)
    .where("at", ">=", span.sinceMs)
    .where("at", "<", span.untilMs)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Deletes the records of a request id or a correlation id, and gives them. */
export async function deleteOfId(tx: Db, id: string, service: string | undefined): Promise<ErasedRecord[]> {
  let query = tx
    .tables<Tables>()
    .deleteFrom("records")
    .where((eb) => eb.or([eb("id", "=", id), eb("correlation_id", "=", id)]));
  if (service !== undefined) query = query.where("service", "=", service);
  return query.returning(["id", "correlation_id", "service", "sequence", "at"]).execute();
}

export async function servicesOfRecords(db: Db): Promise<string[]> {
  const rows = await db.tables<Tables>().selectFrom("records").select("service").distinct().execute();
  return rows.map(({ service }) => service);
}

/** Deletes up to `limit` records of a service that are older than a moment. Gives how many went. */
export async function deleteOldRecords(db: Db, service: string, olderThanMs: number, limit: number): Promise<number> {
  const tables = db.tables<Tables>();
  const old = tables
    .selectFrom("records")
    .select("sequence")
    .where("at", "<", olderThanMs)
    .where("service", "=", service)
    .limit(limit);
  const result = await tables.deleteFrom("records").where("sequence", "in", old).executeTakeFirst();
  return Number(result.numDeletedRows);
}
