import { CompiledQuery, type SelectQueryBuilder, sql } from "kysely";
import type { Db } from "../../../kernel/db.ts";
import { ofModel, type RecordFilter, type RecordModels } from "./records.ts";

/** Records of one image that came in one batch; `openPack` reads the entries. */
export interface PackRow {
  /** That of its first entry, gone or not. The sequence number of an entry is the batch and its place in it. */
  first_sequence: number;
  last_sequence: number;
  /** Packs of one batch lie side by side, those of two do not overlap. */
  batch: number;
  service: string;
  revision: number;
  image: string;
  first_at: number;
  last_at: number;
  /** ` 200 500 ` */
  statuses: string;
  /** How many are left. */
  records: number;
}
interface IdRow {
  id: string;
  /** `first_sequence` of its pack. */
  pack: number;
  /** Of the entry in the pack. */
  place: number;
  /** 1: the id is that of a trace. */
  is_trace: number;
}
interface Tables extends RecordModels {
  record_packs: PackRow & { entries: Uint8Array };
  packed_ids: IdRow;
  record_sequence: { last: number };
}

const columns = [
  ...(["first_sequence", "last_sequence", "batch", "service", "revision", "image"] as const),
  ...(["first_at", "last_at", "statuses", "records"] as const),
];

/** The first of as many sequence numbers as are asked for. SQLite would give the highest one again when what had it is gone. */
export async function takeSequences(tx: Db, count: number): Promise<number> {
  const { last } = await tx
    .tables<Tables>()
    .updateTable("record_sequence")
    .set((eb) => ({ last: eb("last", "+", count) }))
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}

/** Ids of the records of a pack, in their order: null where a record has none of the kind. */
export interface PackIds {
  own: string[];
  correlation: (string | null)[];
  trace: (string | null)[];
}

export async function insertPack(tx: Db, pack: PackRow & { entries: Uint8Array }, ids: PackIds): Promise<void> {
  await tx.tables<Tables>().insertInto("record_packs").values(pack).execute();
  await insertIds(tx, pack.first_sequence, ids.own, 0);
  await insertIds(tx, pack.first_sequence, ids.correlation, 0);
  await insertIds(tx, pack.first_sequence, ids.trace, 1);
}

const insertedIds = `insert or ignore into packed_ids
  select value, ?, key, ? from json_each(?) where value is not null`;

/** One text for all of them costs a fraction of what a parameter for each would. */
async function insertIds(tx: Db, first: number, ids: readonly (string | null)[], isTrace: 0 | 1): Promise<void> {
  if (ids.every((id) => id === null)) return;
  await tx.tables<Tables>().executeQuery(CompiledQuery.raw(insertedIds, [first, isTrace, JSON.stringify(ids)]));
}

type PackQuery = SelectQueryBuilder<Tables, "record_packs", PackRow>;

/** Packs that may hold what a filter asks for, but for ids. */
function filtered(db: Db, { service, revision, sinceMs, untilMs, status, model }: RecordFilter): PackQuery {
  let query: PackQuery = db.tables<Tables>().selectFrom("record_packs").select(columns);
  if (service !== undefined) query = query.where("service", "=", service);
  if (revision !== undefined) query = query.where("revision", "=", revision);
  if (untilMs !== undefined) query = query.where("first_at", "<", untilMs);
  if (sinceMs !== undefined) query = query.where("last_at", ">=", sinceMs);
  // in a pattern of SQL "_" is any one character
  if (status !== undefined) query = query.where("statuses", "like", `% ${status.replace("xx", "__")} %`);
  return model === undefined ? query : query.where(ofModel(sql.ref("record_packs.image"), model));
}

/** The next batch with a record behind a sequence number: what of it may match. Empty when there is none. */
export async function packsAfter(db: Db, filter: RecordFilter, after: number): Promise<PackRow[]> {
  const next = await filtered(db, filter)
    // those of the batch that the number is in, and all later ones
    .where("batch", ">=", ({ selectFrom }) =>
      selectFrom("record_packs as p")
        .select(({ fn }) => fn.coalesce(fn.max("p.batch"), sql<number>`0`).as("batch"))
        .where("p.batch", "<=", after),
    )
    .where("last_sequence", ">", after)
    .orderBy("batch")
    .limit(1)
    .executeTakeFirst();
  return next === undefined ? [] : packsOfBatch(db, filter, next);
}

/** The same before a sequence number: the last batch. */
export async function packsBefore(db: Db, filter: RecordFilter, before: number): Promise<PackRow[]> {
  const next = await filtered(db, filter)
    .where("batch", "<", before)
    .where("first_sequence", "<", before)
    .orderBy("batch", "desc")
    .limit(1)
    .executeTakeFirst();
  return next === undefined ? [] : packsOfBatch(db, filter, next);
}

const packsOfBatch = (db: Db, filter: RecordFilter, { batch }: PackRow): Promise<PackRow[]> =>
  filtered(db, filter).where("batch", "=", batch).orderBy("first_sequence").execute();

/** Packs of a revision with records of these sequences, oldest first. */
export const packsBetween = (
  db: Db,
  { service, revision }: { service: string; revision: number },
  first: number,
  last: number,
): Promise<PackRow[]> =>
  filtered(db, { service, revision })
    .where("last_sequence", ">=", first)
    .where("first_sequence", "<=", last)
    .orderBy("first_sequence")
    .execute();

/** Undefined when it is gone. */
export const findPack = (db: Db, pack: number): Promise<PackRow | undefined> =>
  filtered(db, {}).where("first_sequence", "=", pack).executeTakeFirst();

/** Undefined when the pack is gone. */
export async function entriesOf(db: Db, { first_sequence }: Pick<PackRow, "first_sequence">) {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_packs")
    .select("entries")
    .where("first_sequence", "=", first_sequence)
    .executeTakeFirst();
  return row?.entries;
}

/** Where records are that have one of these ids: as their own or their client's, or as that of their trace. */
export async function placesOf(
  db: Db,
  ids: readonly string[],
  isTrace?: 0 | 1,
): Promise<Pick<IdRow, "pack" | "place">[]> {
  let query = db.tables<Tables>().selectFrom("packed_ids").select(["pack", "place"]).distinct().where("id", "in", ids);
  if (isTrace !== undefined) query = query.where("is_trace", "=", isTrace);
  return query.execute();
}

/** The ids of these under which a record of the service is kept: what its client called it, or its own. */
export async function idsInPacks(db: Db, service: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("packed_ids")
    .innerJoin("record_packs", "first_sequence", "pack")
    .select("id")
    .distinct()
    .where("id", "in", ids)
    .where("is_trace", "=", 0)
    .where("service", "=", service)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Puts what is left of a pack in its place; undefined: nothing is. */
export async function shrinkPack(
  tx: Db,
  { first_sequence }: PackRow,
  left: { records: number; entries: Uint8Array } | undefined,
): Promise<void> {
  const tables = tx.tables<Tables>();
  if (left === undefined)
    await tables.deleteFrom("record_packs").where("first_sequence", "=", first_sequence).execute();
  else await tables.updateTable("record_packs").set(left).where("first_sequence", "=", first_sequence).execute();
}

const deletedIds = `delete from packed_ids where (id, pack, place) in
  (select json_extract(value, '$[0]'), ?, json_extract(value, '$[1]') from json_each(?))`;

export async function deleteIds(
  tx: Db,
  { first_sequence }: PackRow,
  ids: readonly (readonly [id: string, place: number])[],
): Promise<void> {
  await tx.tables<Tables>().executeQuery(CompiledQuery.raw(deletedIds, [first_sequence, JSON.stringify(ids)]));
}

/** Packs of a service whose last record is older than a moment. */
export const oldPacks = (db: Db, service: string, olderThanMs: number): Promise<PackRow[]> =>
  filtered(db, { service }).where("last_at", "<", olderThanMs).execute();

/** The sequence up to which there is anything older than a moment; 0 when there is nothing. */
export async function lastSequenceBefore(db: Db, ms: number): Promise<number> {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_packs")
    .select((eb) => eb.fn.max("last_sequence").as("last"))
    .where("first_at", "<", ms)
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

export async function servicesOfPacks(db: Db): Promise<string[]> {
  const rows = await db.tables<Tables>().selectFrom("record_packs").select("service").distinct().execute();
  return rows.map(({ service }) => service);
}

export async function countPacked(db: Db): Promise<number> {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_packs")
    .select((eb) => eb.fn.sum("records").as("count"))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}
