import { type SqlBool, sql } from "kysely";
import type { Delivery } from "../../contract/webhooks.ts";
import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** A delivery that may be tried now: the first of its stream that is not done. */
export interface DueDelivery {
  id: string;
  webhook: string;
  sequence: number;
  stream: string;
  attempts: number;
  firstAt: number | null;
}

/**
 * Queues an event for a webhook. Only the first pending delivery of a stream has a time to be tried at; a later one gets it when the
 * one before it ends. So the order of a stream holds, and finding what is due reads only what is due.
 */
export async function insertDelivery(
  tx: Db,
  { id, webhook, sequence, stream }: Pick<DueDelivery, "id" | "webhook" | "sequence" | "stream">,
  now: number,
): Promise<void> {
  const waits = sql`exists (select 1 from deliveries where webhook = ${webhook} and stream = ${stream} and status = 'pending')`;
  const nextAt = sql<number | null>`case when ${waits} then null else ${now} end`;
  const begin = { status: "pending" as const, attempts: 0, next_at: nextAt };
  await tx
    .tables<Omit<Tables, "deliveries"> & { deliveries: Omit<Tables["deliveries"], "number"> }>()
    .insertInto("deliveries")
    .values({
      ...{ id, webhook, sequence, stream },
      ...begin,
      ...{ first_at: null, last_at: null, response_status: null, error: null },
    })
    .execute();
}

/** Active webhooks with a delivery to try now. */
export async function webhooksWithDue(db: Db, now: number): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("webhooks")
    .select("id")
    .where("status", "=", "active")
    .where(sql<SqlBool>`exists (select 1 from deliveries d where d.webhook = webhooks.id and d.next_at <= ${now})`)
    .execute();
  return rows.map((row) => row.id);
}

/** Deliveries of a webhook to try now, those that wait longest first. */
export async function selectDue(db: Db, webhook: string, now: number, limit: number): Promise<DueDelivery[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("deliveries")
    .select(["id", "webhook", "sequence", "stream", "attempts", "first_at as firstAt"])
    .where("webhook", "=", webhook)
    .where("next_at", "<=", now)
    .orderBy("next_at")
    .orderBy("number")
    .limit(limit)
    .execute();
  return rows;
}

/** How an attempt went. `nextAt` null: the delivery is at its end, and the next of its stream may be tried. */
export interface Attempt {
  status: Delivery["status"];
  at: number;
  nextAt: number | null;
  responseStatus: number | null;
  error: string | null;
}

export async function noteAttempt(tx: Db, { id, webhook, stream }: DueDelivery, attempt: Attempt): Promise<void> {
  const { status, at, nextAt, responseStatus, error } = attempt;
  await tx
    .tables<Tables>()
    .updateTable("deliveries")
    .set({
      status,
      attempts: sql`attempts + 1`,
      first_at: sql`coalesce(first_at, ${at})`,
      last_at: at,
      next_at: nextAt,
      response_status: responseStatus,
      error,
    })
    .where("id", "=", id)
    .execute();
  if (nextAt === null) await promote(tx, at, { webhook, stream });
}

/** Lets the first pending delivery of a stream, or of every stream, be tried from `now` on. */
export async function promote(tx: Db, now: number, only?: { webhook: string; stream: string }): Promise<void> {
  const which = only === undefined ? sql`` : sql`and webhook = ${only.webhook} and stream = ${only.stream}`;
  const firsts = sql<number>`(select min(number) from deliveries where status = 'pending' ${which} group by webhook, stream)`;
  await tx
    .tables<Tables>()
    .updateTable("deliveries")
    .set({ next_at: now })
    .where(sql<SqlBool>`number in ${firsts}`)
    .where("next_at", "is", null)
    .execute();
}

/** Lets what failed be tried at once, with its whole time before it: the receiver was changed. */
export async function retryNow(tx: Db, webhook: string, now: number): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("deliveries")
    .set({ next_at: now, first_at: null, attempts: 0 })
    .where("webhook", "=", webhook)
    .where("next_at", "is not", null)
    .execute();
}

const deliveriesWithEvents = (db: Db) =>
  db
    .tables<Tables>()
    .selectFrom("deliveries")
    .innerJoin("events", "events.sequence", "deliveries.sequence")
    .select([
      "deliveries.number as number",
      "deliveries.id as id",
      "events.id as event",
      "events.sequence as sequence",
      "events.type as type",
      "events.subject as subject",
      "deliveries.status as status",
      "deliveries.attempts as attempts",
      "deliveries.next_at as nextAt",
      "deliveries.last_at as at",
      "deliveries.response_status as responseStatus",
      "deliveries.error as error",
    ]);

/** A delivery with its place in the order, which pages go by. */
type ListedDelivery = Delivery & { number: number };

export async function selectDeliveries(
  db: Db,
  webhook: string,
  { status, limit, before }: { status?: Delivery["status"] | undefined; limit: number; before?: number | undefined },
): Promise<ListedDelivery[]> {
  let query = deliveriesWithEvents(db)
    .where("deliveries.webhook", "=", webhook)
    .orderBy("deliveries.number", "desc")
    .limit(limit);
  if (status !== undefined) query = query.where("deliveries.status", "=", status);
  if (before !== undefined) query = query.where("deliveries.number", "<", before);
  return query.execute();
}

export async function findDelivery(db: Db, id: string): Promise<Delivery> {
  const { number: _, ...delivery } = await deliveriesWithEvents(db)
    .where("deliveries.id", "=", id)
    .executeTakeFirstOrThrow();
  return delivery;
}

/** How many deliveries of a webhook are pending, and how many in the log were given up. */
export async function countDeliveries(db: Db, webhook: string): Promise<{ pending: number; dead: number }> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("deliveries")
    .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
    .where("webhook", "=", webhook)
    .where("status", "in", ["pending", "dead"])
    .groupBy("status")
    .execute();
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.count ?? 0);
  return { pending: of("pending"), dead: of("dead") };
}

/** Bounds the log of a webhook: ended deliveries stay until `before`, and the newest `kept` at most. */
export async function trimDeliveries(tx: Db, webhook: string, kept: number, before: number): Promise<void> {
  const tables = tx.tables<Tables>();
  const ended = tables.selectFrom("deliveries").where("webhook", "=", webhook).where("status", "!=", "pending");
  const beyond = await ended.select("number").orderBy("number", "desc").offset(kept).limit(1).executeTakeFirst();
  await tables
    .deleteFrom("deliveries")
    .where("webhook", "=", webhook)
    .where("status", "!=", "pending")
    .where((eb) => eb.or([eb("last_at", "<", before), eb("number", "<=", beyond?.number ?? -1)]))
    .execute();
}
