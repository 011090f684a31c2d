import type { Db } from "../../kernel/db.ts";
import type { AliasRow, Tables } from "./tables.ts";

export interface StoredAlias {
  alias: string;
  version: number;
  protected: boolean;
}

const toAlias = (row: AliasRow): StoredAlias => ({
  alias: row.alias,
  version: row.version,
  protected: row.protected === 1,
});

export async function findAlias(db: Db, name: string, alias: string): Promise<StoredAlias | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("aliases")
    .selectAll()
    .where("name", "=", name)
    .where("alias", "=", alias)
    .executeTakeFirst();
  return row === undefined ? undefined : toAlias(row);
}

/** The aliases of a model, or of one of its versions. */
export async function aliasesOf(db: Db, name: string, version?: number): Promise<StoredAlias[]> {
  let query = db.tables<Tables>().selectFrom("aliases").selectAll().where("name", "=", name).orderBy("alias");
  if (version !== undefined) query = query.where("version", "=", version);
  return (await query.execute()).map(toAlias);
}

export async function putAlias(tx: Db, name: string, { alias, version, ...more }: StoredAlias, at: number) {
  const row = { version, protected: more.protected ? 1 : 0, updated_at: at };
  await tx
    .tables<Tables>()
    .insertInto("aliases")
    .values({ name, alias, ...row })
    .onConflict((conflict) => conflict.columns(["name", "alias"]).doUpdateSet(row))
    .execute();
}

export async function removeAlias(tx: Db, name: string, alias: string): Promise<void> {
  await tx.tables<Tables>().deleteFrom("aliases").where("name", "=", name).where("alias", "=", alias).execute();
}
