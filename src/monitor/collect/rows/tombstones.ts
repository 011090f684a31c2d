import { sql } from "kysely";
import type { Db } from "../../../kernel/db.ts";
import { sha256 } from "../../../kernel/hash.ts";

interface Tables {
  record_tombstones: { service: string; id_digest: string; erased_at: number };
}

/** SQLite takes more in a statement, but a long one is parsed anew each time. */
const idsAtOnce = 500;

/** Remembers that ids were erased, without the ids themselves. A service that is '' stands for all. */
export async function addTombstones(
  tx: Db,
  erased: readonly { service: string; id: string }[],
  at: number,
): Promise<void> {
  const rows = erased.map(({ service, id }) => ({ service, id_digest: sha256(id), erased_at: at }));
  for (let start = 0; start < rows.length; start += idsAtOnce)
    await tx
      .tables<Tables>()
      .insertInto("record_tombstones")
      .values(rows.slice(start, start + idsAtOnce))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Says of an id and a service whether it was erased. */
export type IsErased = (id: string, service: string) => boolean;

/** Ids of requests of a service. */
export interface AskedIds {
  service: string;
  ids: Iterable<string | null | undefined>;
}

/**
 * Says it of the ids that are asked about; undefined when none of them was erased. They are looked up, and not all erased ones read: of
 * one correlation id there may be a million requests.
 */
export async function erasedAmong(db: Db, asked: Iterable<AskedIds>): Promise<IsErased | undefined> {
  if (!(await hasTombstones(db))) return undefined;
  const erased = new Set<string>();
  for (const [service, ids] of idsByService(asked)) {
    const digests = new Map([...ids].map((id) => [sha256(id), id]));
    const all = [...digests.keys()];
    for (let start = 0; start < all.length; start += idsAtOnce)
      for (const digest of await erasedDigests(db, service, all.slice(start, start + idsAtOnce)))
        erased.add(`${service}/${digests.get(digest)}`);
  }
  return erased.size === 0 ? undefined : (id, service) => erased.has(`${service}/${id}`);
}

function idsByService(asked: Iterable<AskedIds>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { service, ids } of asked) {
    const known = found.get(service) ?? new Set<string>();
    found.set(service, known);
    for (const id of ids) if (typeof id === "string") known.add(id);
  }
  return found;
}

async function hasTombstones(db: Db): Promise<boolean> {
  const tables = db.tables<Tables>();
  return (await tables.selectFrom("record_tombstones").select("service").limit(1).executeTakeFirst()) !== undefined;
}

async function erasedDigests(db: Db, service: string, digests: readonly string[]): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("record_tombstones")
    .select("id_digest")
    .where("service", "in", ["", service])
    .where("id_digest", "in", digests)
    .execute();
  return rows.map((row) => row.id_digest);
}

/** Empties the write-ahead log: deleted rows are zeroed in the database itself, but may stand there still. */
export async function emptyLog(db: Db): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db.tables<Tables>());
}
