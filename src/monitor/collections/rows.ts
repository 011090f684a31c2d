import { sql } from "kysely";
import type { CollectedHead } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";

interface CollectionRow {
  id: number;
  service: string;
  collection: string;
  /** '' when the script gave none. */
  model: string;
  version: string;
  entries: number;
  row_count: number;
  first_at: number;
  last_at: number;
}
interface CollectedRow {
  collection: number;
  revision: number;
  request_id: string | null;
  correlation_id: string | null;
  at: number;
  format: CollectedHead["format"];
  /** JSON list; null when the body was not understood. */
  columns: string | null;
  row_count: number;
  body: Uint8Array;
}
interface Tables {
  collections: CollectionRow;
  collected: CollectedRow & { sequence: number };
}
interface NewTables {
  collections: Omit<CollectionRow, "id">;
  collected: CollectedRow;
}

type CollectionKey = Pick<CollectionRow, "service" | "collection" | "model" | "version">;

/** Counts an entry to its collection, made when it is the first, and gives the id of that. */
export async function addToCollection(
  tx: Db,
  key: CollectionKey,
  { rows, at }: { rows: number; at: number },
): Promise<number> {
  const { id } = await tx
    .tables<NewTables & { collections: { id: number } }>()
    .insertInto("collections")
    .values({ ...key, entries: 1, row_count: rows, first_at: at, last_at: at } as never)
    .onConflict((conflict) =>
      conflict.columns(["service", "collection", "model", "version"]).doUpdateSet({
        entries: sql`collections.entries + 1`,
        row_count: sql`collections.row_count + excluded.row_count`,
        first_at: sql`min(collections.first_at, excluded.first_at)`,
        last_at: sql`max(collections.last_at, excluded.last_at)`,
      } as never),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return Number(id);
}

export async function insertCollected(tx: Db, row: CollectedRow): Promise<void> {
  await tx.tables<NewTables>().insertInto("collected").values(row).execute();
}

export interface CollectionFilter {
  service?: string | undefined;
  collection?: string | undefined;
  model?: { name: string; version: number | undefined } | undefined;
}

/** columns: those of the newest entry that has any. */
export type StoredCollection = CollectionRow & { columns: string | null };

/** By service, collection, model and version, behind those of a key. */
export async function selectCollections(
  db: Db,
  { service, collection, model }: CollectionFilter,
  limit: number,
  after?: readonly (string | number)[],
): Promise<StoredCollection[]> {
  let query = db
    .tables<Tables>()
    .selectFrom("collections")
    .selectAll()
    .select(
      sql<
        string | null
      >`(select c.columns from collected c where c.collection = collections.id and c.columns <> '[]' order by c.sequence desc limit 1)`.as(
        "columns",
      ),
    );
  if (service !== undefined) query = query.where("service", "=", service);
  if (collection !== undefined) query = query.where("collection", "=", collection);
  if (model !== undefined) query = query.where("model", "=", model.name);
  if (model?.version !== undefined) query = query.where("version", "=", String(model.version));
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(service, collection, model, version) > (${sql.join(after.map((value) => sql`${value}`))})`,
    );
  return query.orderBy("service").orderBy("collection").orderBy("model").orderBy("version").limit(limit).execute();
}

export interface EntryFilter {
  /** Ids of collections. */
  collections: readonly number[];
  sinceMs?: number | undefined;
  /** Of the request, or what the script joins by. */
  correlationId?: string | undefined;
}

export type StoredEntry = CollectedRow & { sequence: number };

function entries(db: Db, { collections, sinceMs, correlationId }: EntryFilter) {
  let query = db.tables<Tables>().selectFrom("collected").where("collection", "in", collections);
  if (sinceMs !== undefined) query = query.where("at", ">=", sinceMs);
  if (correlationId !== undefined)
    query = query.where((eb) =>
      eb.or([eb("correlation_id", "=", correlationId), eb("request_id", "=", correlationId)]),
    );
  return query;
}

/** Their sequences, newest first, before one. */
export async function selectEntries(db: Db, filter: EntryFilter, limit: number, before?: number): Promise<number[]> {
  let query = entries(db, filter).select("sequence").orderBy("sequence", "desc").limit(limit);
  if (before !== undefined) query = query.where("sequence", "<", before);
  return (await query.execute()).map(({ sequence }) => sequence);
}

export async function findEntry(db: Db, sequence: number): Promise<StoredEntry | undefined> {
  return db.tables<Tables>().selectFrom("collected").selectAll().where("sequence", "=", sequence).executeTakeFirst();
}

/** Oldest first, one at a time: a body may be large. */
export async function* everyEntry(db: Db, filter: EntryFilter): AsyncIterable<StoredEntry> {
  for (let after = 0; ; ) {
    const entry = await entries(db, filter)
      .selectAll()
      .where("sequence", ">", after)
      .orderBy("sequence")
      .limit(1)
      .executeTakeFirst();
    if (entry === undefined) return;
    yield entry;
    after = entry.sequence;
  }
}

/** The lists of columns that entries have, each once, in the order they first came. */
export async function columnsOfEntries(db: Db, filter: EntryFilter): Promise<string[][]> {
  const rows = await entries(db, filter)
    .select(["columns", (eb) => eb.fn.min("sequence").as("first")])
    .where("columns", "is not", null)
    .groupBy("columns")
    .orderBy("first")
    .execute();
  return rows.map(({ columns }) => JSON.parse(columns ?? "[]") as string[]);
}

/** Deletes up to `limit` entries that are older than a moment, and collections that are left empty. Gives how many entries went. */
export async function deleteOldEntries(db: Db, olderThanMs: number, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const tables = tx.tables<Tables>();
    const { id } = (await tables
      .selectFrom("collections")
      .select("id")
      .where("first_at", "<", olderThanMs)
      .limit(1)
      .executeTakeFirst()) ?? { id: 0 };
    const old = tables.selectFrom("collected").select("sequence").where("collection", "=", id);
    const chosen = old.where("at", "<", olderThanMs).orderBy("at").limit(limit);
    const gone = await tables.deleteFrom("collected").where("sequence", "in", chosen).returning("row_count").execute();
    await recount(tx, id, { entries: gone.length, rows: gone.reduce((sum, { row_count }) => sum + row_count, 0) });
    return gone.length;
  });
}

/** Brings a collection up to date after some of its entries went. */
async function recount(tx: Db, id: number, { entries: count, rows }: { entries: number; rows: number }): Promise<void> {
  const tables = tx.tables<Tables>();
  const times = await tables
    .selectFrom("collected")
    .select((eb) => [eb.fn.min("at").as("first_at"), eb.fn.max("at").as("last_at")])
    .where("collection", "=", id)
    .executeTakeFirst();
  if (times?.first_at == null) {
    await tables.deleteFrom("collections").where("id", "=", id).execute();
    return;
  }
  await tables
    .updateTable("collections")
    .set((eb) => ({ ...times, entries: eb("entries", "-", count), row_count: eb("row_count", "-", rows) }))
    .where("id", "=", id)
    .execute();
}

/** Deletes what was collected in these requests, and collections that are left empty; of all services when none is named. Gives how many entries went. */
export async function deleteCollectedOf(tx: Db, ids: readonly string[], service: string | undefined): Promise<number> {
  let gone = 0;
  const tables = tx.tables<Tables>();
  for (const id of ids) {
    let query = tables
      .deleteFrom("collected")
      .where((eb) => eb.or([eb("request_id", "=", id), eb("correlation_id", "=", id)]));
    if (service !== undefined)
      query = query.where("collection", "in", (eb) =>
        eb.selectFrom("collections").select("id").where("service", "=", service),
      );
    const entries = await query.returning(["collection", "row_count"]).execute();
    for (const { collection, row_count } of entries) await recount(tx, collection, { entries: 1, rows: row_count });
    gone += entries.length;
  }
  return gone;
}
