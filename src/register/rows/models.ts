import { sql } from "kysely";
import type { Model } from "../../contract/model.ts";
import type { Db } from "../../kernel/db.ts";
import { uuid7 } from "../../kernel/ids.ts";
import { grouped } from "./grouped.ts";
import type { ModelRow, Tables } from "./tables.ts";

/** A model's row, also of one that was deleted or renamed: it keeps the count of its numbers. */
export async function findModelRow(db: Db, name: string): Promise<ModelRow | undefined> {
  return db.tables<Tables>().selectFrom("models").selectAll().where("name", "=", name).executeTakeFirst();
}

export async function findModel(db: Db, name: string): Promise<Model | undefined> {
  const row = await findModelRow(db, name);
  if (row === undefined || row.deleted_at !== null) return undefined;
  return (await describeModels(db, [row]))[0];
}

/** Of the models that are there. */
export async function modelNames(db: Db): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("models")
    .select("name")
    .where("deleted_at", "is", null)
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

/** What the model that had a name is called now; the name itself when it was not renamed. */
export async function currentName(db: Db, name: string): Promise<string> {
  const row = await findModelRow(db, name);
  if (row === undefined || row.deleted_at === null) return name;
  const moved = await db
    .tables<Tables>()
    .selectFrom("models")
    .select("name")
    .where("id", "=", row.id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return moved?.name ?? name;
}

/** Models with their tags and aliases; three queries for all of them. */
export async function describeModels(db: Db, rows: readonly ModelRow[]): Promise<Model[]> {
  const names = rows.map((row) => row.name);
  if (names.length === 0) return [];
  const tables = db.tables<Tables>();
  const tags = await tables.selectFrom("model_tags").selectAll().where("name", "in", names).orderBy("key").execute();
  const aliases = await tables.selectFrom("aliases").selectAll().where("name", "in", names).orderBy("alias").execute();
  const latest = await tables
    .selectFrom("versions")
    .select((eb) => ["name", eb.fn.max("version").as("version")])
    .where("name", "in", names)
    .where("archived_at", "is", null)
    .groupBy("name")
    .execute();
  const tagsOf = grouped(tags, (row) => row.name);
  const aliasesOf = grouped(aliases, (row) => row.name);
  const latestOf = new Map(latest.map((row) => [row.name, row.version]));
  return rows.map(({ name, description, created_at, created_by, updated_at }) => ({
    name,
    description,
    tags: Object.fromEntries((tagsOf.get(name) ?? []).map(({ key, value }) => [key, value])),
    aliases: (aliasesOf.get(name) ?? []).map((row) => ({
      alias: row.alias,
      version: row.version,
      protected: row.protected === 1,
    })),
    latestVersion: latestOf.get(name) ?? null,
    createdAt: created_at,
    createdBy: created_by,
    updatedAt: updated_at,
  }));
}

interface NewModel {
  name: string;
  at: number;
  by: string;
  description?: string | null;
}

/**
 * Makes a model unless it is there; tells whether it did. The numbers of a name go on where they ended before. A name that was
 * given up by a rename becomes another model: the id went along with the first.
 */
export async function ensureModel(tx: Db, { name, at, by, description = null }: NewModel): Promise<boolean> {
  const db = tx.tables<Tables>();
  const row = await findModelRow(tx, name);
  if (row !== undefined && row.deleted_at === null) return false;
  const fresh = { description, created_at: at, created_by: by, updated_at: at };
  if (row === undefined) {
    await db
      .insertInto("models")
      .values({ name, id: uuid7(at), last_version: 0, deleted_at: null, ...fresh })
      .execute();
    return true;
  }
  const moved = await db
    .selectFrom("models")
    .select("name")
    .where("id", "=", row.id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  await db
    .updateTable("models")
    .set({ ...fresh, deleted_at: null, ...(moved === undefined ? {} : { id: uuid7(at) }) })
    .where("name", "=", name)
    .execute();
  return true;
}

/** The next number of a model that is there. */
export async function takeNumber(tx: Db, name: string, at: number): Promise<number> {
  const { last_version } = await tx
    .tables<Tables>()
    .updateTable("models")
    .set({ last_version: sql`last_version + 1`, updated_at: at })
    .where("name", "=", name)
    .returning("last_version")
    .executeTakeFirstOrThrow();
  return last_version;
}

export async function changeModel(
  tx: Db,
  name: string,
  change: { updated_at?: number; description?: string | null },
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await tx.tables<Tables>().updateTable("models").set(change).where("name", "=", name).execute();
}

export async function setModelTags(tx: Db, name: string, tags: Record<string, string>): Promise<void> {
  const rows = Object.entries(tags).map(([key, value]) => ({ name, key, value }));
  if (rows.length === 0) return;
  await tx
    .tables<Tables>()
    .insertInto("model_tags")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["name", "key"]).doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}

export async function removeModelTags(tx: Db, name: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.tables<Tables>().deleteFrom("model_tags").where("name", "=", name).where("key", "in", keys).execute();
}

/** Removes a model with its versions and tags; its row stays and keeps the count. Images that hold a version make this fail. */
export async function deleteModelRows(tx: Db, name: string, at: number): Promise<void> {
  const db = tx.tables<Tables>();
  await db.deleteFrom("versions").where("name", "=", name).execute();
  await db.deleteFrom("model_tags").where("name", "=", name).execute();
  await db.updateTable("models").set({ deleted_at: at, description: null }).where("name", "=", name).execute();
}

/** What is kept of versions, by name and version. */
const versionTables = [
  ...(["version_files", "version_tags", "version_properties", "version_metrics", "aliases", "baselines"] as const),
];

/**
 * Moves a model with all that belongs to it to another name. The rows are copied, what points to them is moved, and the old ones go:
 * no foreign key is broken on the way. `moveUses` does the same for what other rooms keep, while both names are there.
 */
export async function renameModelRows(
  tx: Db,
  from: string,
  to: string,
  at: number,
  moveUses: () => Promise<void>,
): Promise<void> {
  const db = tx.tables<Tables>();
  const row = await db.selectFrom("models").selectAll().where("name", "=", from).executeTakeFirstOrThrow();
  const earlier = await findModelRow(tx, to);
  const last_version = Math.max(row.last_version, earlier?.last_version ?? 0);
  await db
    .insertInto("models")
    .values({ ...row, name: to, last_version, updated_at: at })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({
        last_version,
        id: row.id,
        description: row.description,
        created_at: row.created_at,
        created_by: row.created_by,
        updated_at: at,
        deleted_at: null,
      }),
    )
    .execute();
  await sql`insert into versions (name, version, description, framework, framework_version, digest, size, reading, created_at,
      created_by, updated_at, archived_at, stage, source, run_id, lineage, signature, sample)
    select ${to}, version, description, framework, framework_version, digest, size, reading, created_at, created_by, ${at},
      archived_at, stage, source, run_id, lineage, signature, sample from versions where name = ${from}`.execute(db);
  for (const table of versionTables) await db.updateTable(table).set({ name: to }).where("name", "=", from).execute();
  await db.updateTable("model_tags").set({ name: to }).where("name", "=", from).execute();
  await moveUses();
  await db.deleteFrom("versions").where("name", "=", from).execute();
  await db.updateTable("models").set({ deleted_at: at, description: null }).where("name", "=", from).execute();
}
