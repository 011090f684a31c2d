import { type SqlBool, sql } from "kysely";
import { wholeType } from "../../contract/events.ts";
import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** An event as the outbox keeps it. */
export type StoredEvent = Omit<Tables["events"], "data"> & { data: Record<string, unknown> };

const toEvent = (row: Tables["events"]): StoredEvent => ({
  ...row,
  data: JSON.parse(row.data) as Record<string, unknown>,
});

/** The least and the highest sequence that are kept. */
export async function outboxEnds(db: Db): Promise<{ oldest: number | null; newest: number }> {
  const row = await db
    .tables<Tables>()
    .selectFrom("events")
    .select((eb) => [eb.fn.min("sequence").as("oldest"), eb.fn.max("sequence").as("newest")])
    .executeTakeFirst();
  return { oldest: row?.oldest ?? null, newest: row?.newest ?? 0 };
}

export interface EventFilter {
  /** Sequence of the last event that was read; without it the newest are given. */
  after?: number | undefined;
  types: readonly string[];
  subject?: string | undefined;
  since?: number | undefined;
  limit: number;
}

/** Events that match, oldest first. */
export async function selectEvents(db: Db, filter: EventFilter): Promise<StoredEvent[]> {
  const { after, types, subject, since, limit } = filter;
  let query = db.tables<Tables>().selectFrom("events").selectAll().limit(limit);
  if (after !== undefined) query = query.where("sequence", ">", after);
  if (since !== undefined) query = query.where("at", ">=", since);
  if (subject !== undefined)
    query = query.where(
      sql<SqlBool>`(subject = ${subject} or (subject > ${`${subject}/`} and subject < ${`${subject}0`}))`,
    );
  if (types.length > 0)
    query = query.where((eb) =>
      eb.or(types.map(wholeType).flatMap((type) => [eb("type", "=", type), eb("type", "like", `${type}.%`)])),
    );
  const rows = await query.orderBy("sequence", after === undefined ? "desc" : "asc").execute();
  return (after === undefined ? rows.reverse() : rows).map(toEvent);
}

export async function findEvent(db: Db, sequence: number): Promise<StoredEvent | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("events")
    .selectAll()
    .where("sequence", "=", sequence)
    .executeTakeFirst();
  return row === undefined ? undefined : toEvent(row);
}

/** The sequence and stream of an event, by its own id or by that of a delivery of it to this webhook. */
export async function findEventOf(
  db: Db,
  webhook: string,
  id: string,
): Promise<{ sequence: number; stream: string } | undefined> {
  const tables = db.tables<Tables>();
  const event = await tables
    .selectFrom("events")
    .select(["sequence", "stream"])
    .where("id", "=", id)
    .executeTakeFirst();
  return (
    event ??
    (await tables
      .selectFrom("deliveries")
      .select(["sequence", "stream"])
      .where("id", "=", id)
      .where("webhook", "=", webhook)
      .executeTakeFirst())
  );
}

/** Deletes some events from before a time, with their deliveries; gives how many. */
export async function deleteOldEvents(tx: Db, before: number, limit: number): Promise<number> {
  const tables = tx.tables<Tables>();
  const old = tables.selectFrom("events").select("sequence").where("at", "<", before).orderBy("at").limit(limit);
  const { numDeletedRows } = await tables.deleteFrom("events").where("sequence", "in", old).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
