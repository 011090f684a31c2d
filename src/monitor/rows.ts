import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Db } from "../kernel/db.ts";
import { uuidOfTrace } from "../kernel/trace-context.ts";
import { type LatencyHistogram, mergeLatencies } from "./latency-histogram.ts";

interface RecordRow {
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
}
interface UsageRow {
  service: string;
  revision: number;
  image: string;
  minute: number;
  requests: number;
  errors: number;
  latencies: string;
  first_at: number;
  last_at: number;
}
interface Tables {
  records: RecordRow & { sequence: number };
  record_models: { image: string; model: string };
  usage_minutes: UsageRow;
  spool_positions: { host: string; segment: number; position: number };
}

export type StoredRecord = RecordRow & { sequence: number; models: string[] };

export async function spoolPosition(db: Db, host: string): Promise<{ segment: number; position: number }> {
  const row = await db
    .tables<Tables>()
    .selectFrom("spool_positions")
    .select(["segment", "position"])
    .where("host", "=", host)
    .executeTakeFirst();
  return row ?? { segment: 0, position: 0 };
}

export async function setSpoolPosition(tx: Db, host: string, segment: number, position: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("spool_positions")
    .values({ host, segment, position })
    .onConflict((conflict) => conflict.column("host").doUpdateSet({ segment, position }))
    .execute();
}

export async function insertRecords(tx: Db, rows: readonly RecordRow[]): Promise<void> {
  // SQLite takes at most 32,766 parameters a statement: 15 columns × 500 rows.
  for (let start = 0; start < rows.length; start += 500)
    await tx
      .tables<Pick<Tables, never> & { records: RecordRow }>()
      .insertInto("records")
      .values(rows.slice(start, start + 500))
      .execute();
}

export interface UsageMinute extends Omit<UsageRow, "latencies"> {
  latencies: LatencyHistogram;
}

export async function addUsage(tx: Db, minute: UsageMinute): Promise<void> {
  const db = tx.tables<Tables>();
  const { service, revision, image, latencies } = minute;
  const before = await db
    .selectFrom("usage_minutes")
    .selectAll()
    .where("service", "=", service)
    .where("revision", "=", revision)
    .where("image", "=", image)
    .where("minute", "=", minute.minute)
    .executeTakeFirst();
  if (before === undefined) {
    await db
      .insertInto("usage_minutes")
      .values({ ...minute, latencies: JSON.stringify(latencies) })
      .execute();
    return;
  }
  mergeLatencies(latencies, JSON.parse(before.latencies) as LatencyHistogram);
  await db
    .updateTable("usage_minutes")
    .set({
      requests: before.requests + minute.requests,
      errors: before.errors + minute.errors,
      latencies: JSON.stringify(latencies),
      first_at: Math.min(before.first_at, minute.first_at),
      last_at: Math.max(before.last_at, minute.last_at),
    })
    .where("service", "=", service)
    .where("revision", "=", revision)
    .where("image", "=", image)
    .where("minute", "=", minute.minute)
    .execute();
}

export interface RecordFilter {
  service?: string | undefined;
  model?: { name: string; version: number | undefined } | undefined;
  sinceMs?: number | undefined;
  /** `500` or `5xx`. */
  status?: string | undefined;
  /** 32 hexadecimal digits. */
  traceId?: string | undefined;
}

type RecordQuery = SelectQueryBuilder<Tables, "records", RecordRow & { sequence: number }>;

function filtered(db: Db, { service, model, sinceMs, status, traceId }: RecordFilter): RecordQuery {
  let query = db.tables<Tables>().selectFrom("records").selectAll() as RecordQuery;
  if (service !== undefined) query = query.where("service", "=", service);
  if (sinceMs !== undefined) query = query.where("at", ">=", sinceMs);
  if (traceId !== undefined)
    query = query.where((eb) =>
      eb.or([eb("trace_id", "=", traceId), eb.and([eb("id", "=", uuidOfTrace(traceId)), eb("trace_id", "is", null)])]),
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

async function withModels(db: Db, rows: (RecordRow & { sequence: number })[]): Promise<StoredRecord[]> {
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

/** Oldest first, in pages, so that an export of any size stays small in memory. */
export async function* everyRecord(db: Db, filter: RecordFilter): AsyncIterable<StoredRecord> {
  for (let after = 0; ; ) {
    const page = await withModels(
      db,
      await filtered(db, filter).where("sequence", ">", after).orderBy("sequence").limit(200).execute(),
    );
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

/** The newest record of a request id (clients may send one id twice): of the answer that the client got, or of a mirror's. */
export async function findRecord(db: Db, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
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

export async function selectUsage(
  db: Db,
  sinceMs: number,
  service?: string,
): Promise<(UsageMinute & { models: string[] })[]> {
  const tables = db.tables<Tables>();
  let query = tables
    .selectFrom("usage_minutes")
    .selectAll()
    .where("minute", ">=", Math.floor(sinceMs / 60_000));
  if (service !== undefined) query = query.where("service", "=", service);
  const models = await tables.selectFrom("record_models").selectAll().execute();
  return (await query.execute()).map((row) => ({
    ...row,
    latencies: JSON.parse(row.latencies) as LatencyHistogram,
    models: models.filter((entry) => entry.image === row.image).map((entry) => entry.model),
  }));
}

/** Deletes up to `limit` records that are older than a moment. Gives how many went. */
export async function deleteOldRecords(db: Db, olderThanMs: number, limit: number): Promise<number> {
  const tables = db.tables<Tables>();
  const old = tables.selectFrom("records").select("sequence").where("at", "<", olderThanMs).orderBy("at").limit(limit);
  const result = await tables.deleteFrom("records").where("sequence", "in", old).executeTakeFirst();
  return Number(result.numDeletedRows);
}
