import { sql } from "kysely";
import type { Db } from "../../../kernel/db.ts";
import { sha256 } from "../../../kernel/hash.ts";

interface Tables {
  record_tombstones: { service: string; id_digest: string; erased_at: number };
}

/** Remembers that an id was erased, without the id itself; of one service, or of all. */
export async function addTombstone(tx: Db, id: string, service: string | undefined, at: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("record_tombstones")
    .values({ service: service ?? "", id_digest: sha256(id), erased_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Says of an id and a service whether it was erased; undefined when nothing ever was. */
export async function readTombstones(db: Db): Promise<((id: string, service: string) => boolean) | undefined> {
  const rows = await db.tables<Tables>().selectFrom("record_tombstones").select(["service", "id_digest"]).execute();
  if (rows.length === 0) return undefined;
  const keys = new Set(rows.map((row) => `${row.service}/${row.id_digest}`));
  return (id, service) => {
    const digest = sha256(id);
    return keys.has(`/${digest}`) || keys.has(`${service}/${digest}`);
  };
}

/** Empties the write-ahead log: deleted rows are zeroed in the database itself, but may stand there still. */
export async function emptyLog(db: Db): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db.tables<Tables>());
}
