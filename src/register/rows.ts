import { type Expression, type SqlBool, sql } from "kysely";
import type { FileEntry } from "../contract/operation.ts";
import type { ModelVersion } from "../contract/register.ts";
import type { Db } from "../kernel/db.ts";

interface VersionRow {
  name: string;
  version: number;
  description: string | null;
  framework: string | null;
  framework_version: string | null;
  digest: string;
  size: number;
  reading: string | null;
  created_at: number;
  created_by: string;
}
interface PairRow {
  name: string;
  version: number;
  key: string;
  value: string;
}
interface Tables {
  models: { name: string; last_version: number; created_at: number };
  versions: VersionRow;
  version_files: { name: string; version: number; path: string; digest: string; size: number };
  version_tags: PairRow;
  version_properties: PairRow;
  image_files: { digest: string; path: string; blob: string };
}

export interface NewVersion {
  name: string;
  description: string | null;
  framework: string | null;
  frameworkVersion: string | null;
  digest: string;
  reading: string | null;
  files: FileEntry[];
  tags: Record<string, string>;
  properties: Record<string, string>;
  createdAt: number;
  createdBy: string;
}

const pairs = (name: string, version: number, values: Record<string, string>): PairRow[] =>
  Object.entries(values).map(([key, value]) => ({ name, version, key, value }));

/** Writes a version with the next number of its model. Call inside a transaction; the number is taken in it. */
export async function insertVersion(tx: Db, entry: NewVersion): Promise<number> {
  const db = tx.tables<Tables>();
  const { name, createdAt } = entry;
  const { last_version: version } = await db
    .insertInto("models")
    .values({ name, last_version: 1, created_at: createdAt })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ last_version: sql`models.last_version + 1` }))
    .returning("last_version")
    .executeTakeFirstOrThrow();
  const size = entry.files.reduce((sum, file) => sum + file.size, 0);
  const { description, framework, digest, reading, createdBy } = entry;
  await db
    .insertInto("versions")
    .values({
      name,
      version,
      description,
      framework,
      framework_version: entry.frameworkVersion,
      digest,
      size,
      reading,
      created_at: createdAt,
      created_by: createdBy,
    })
    .execute();
  for (const file of entry.files)
    await db
      .insertInto("version_files")
      .values({ name, version, ...file })
      .execute();
  await setPairs(tx, "version_tags", name, version, entry.tags);
  await setPairs(tx, "version_properties", name, version, entry.properties);
  return version;
}

type PairTable = "version_tags" | "version_properties";

export async function setPairs(
  tx: Db,
  table: PairTable,
  name: string,
  version: number,
  values: Record<string, string>,
): Promise<void> {
  const rows = pairs(name, version, values);
  if (rows.length === 0) return;
  await tx
    .tables<Tables>()
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) => conflict.columns(["name", "version", "key"]).doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}

export async function removeTags(tx: Db, name: string, version: number, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .tables<Tables>()
    .deleteFrom("version_tags")
    .where("name", "=", name)
    .where("version", "=", version)
    .where("key", "in", keys)
    .execute();
}

export async function setDescription(tx: Db, name: string, version: number, description: string): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("versions")
    .set({ description })
    .where("name", "=", name)
    .where("version", "=", version)
    .execute();
}

async function withPairs(db: Db, rows: VersionRow[]): Promise<ModelVersion[]> {
  return Promise.all(
    rows.map(async (row) => ({
      name: row.name,
      version: row.version,
      reference: `${row.name}:${row.version}`,
      description: row.description,
      framework: row.framework,
      frameworkVersion: row.framework_version,
      digest: row.digest,
      size: row.size,
      tags: await pairsOf(db, "version_tags", row),
      properties: await pairsOf(db, "version_properties", row),
      createdAt: row.created_at,
      createdBy: row.created_by,
    })),
  );
}

async function pairsOf(
  db: Db,
  table: PairTable,
  { name, version }: { name: string; version: number },
): Promise<Record<string, string>> {
  const rows = await db
    .tables<Tables>()
    .selectFrom(table)
    .select(["key", "value"])
    .where("name", "=", name)
    .where("version", "=", version)
    .orderBy("key")
    .execute();
  return Object.fromEntries(rows.map((row) => [row.key, row.value]));
}

/** One version, or the highest when no number is given. */
export async function findVersion(
  db: Db,
  name: string,
  version?: number,
): Promise<(ModelVersion & { reading: string | null }) | undefined> {
  let query = db
    .tables<Tables>()
    .selectFrom("versions")
    .selectAll()
    .where("name", "=", name)
    .orderBy("version", "desc")
    .limit(1);
  if (version !== undefined) query = query.where("version", "=", version);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  const [found] = await withPairs(db, [row]);
  return found === undefined ? undefined : { ...found, reading: row.reading };
}

export async function filesOf(db: Db, name: string, version: number): Promise<FileEntry[]> {
  return db
    .tables<Tables>()
    .selectFrom("version_files")
    .select(["path", "digest", "size"])
    .where("name", "=", name)
    .where("version", "=", version)
    .orderBy("path")
    .execute();
}

export interface VersionFilter {
  name?: string | undefined;
  framework?: string | undefined;
  digest?: string | undefined;
  /** `key` or `key=value`; all must match. */
  tags: string[];
  limit: number;
  /** created_at, name, version of the last row of the page before. */
  after?: (string | number)[] | undefined;
}

/** Versions that match, newest first. */
export async function selectVersions(db: Db, filter: VersionFilter): Promise<ModelVersion[]> {
  let query = db.tables<Tables>().selectFrom("versions").selectAll();
  if (filter.name !== undefined) query = query.where("name", "=", filter.name);
  if (filter.framework !== undefined)
    query = query.where((eb) => eb(eb.fn<string>("lower", ["framework"]), "=", filter.framework?.toLowerCase() ?? ""));
  if (filter.digest !== undefined) query = query.where("digest", "=", filter.digest);
  for (const tag of filter.tags) query = query.where(hasTag(tag));
  if (filter.after !== undefined) {
    const [at, name, version] = filter.after;
    query = query.where(sql<SqlBool>`(created_at, name, version) < (${at}, ${name}, ${version})`);
  }
  const rows = await query
    .orderBy("created_at", "desc")
    .orderBy("name", "desc")
    .orderBy("version", "desc")
    .limit(filter.limit)
    .execute();
  return withPairs(db, rows);
}

function hasTag(tag: string): Expression<SqlBool> {
  const cut = tag.indexOf("=");
  const key = cut < 0 ? tag : tag.slice(0, cut);
  const value = cut < 0 ? sql`` : sql`and t.value = ${tag.slice(cut + 1)}`;
  return sql<SqlBool>`exists (select 1 from version_tags t where t.name = versions.name and t.version = versions.version and t.key = ${key} ${value})`;
}

export async function deleteVersion(tx: Db, name: string, version: number): Promise<void> {
  await tx.tables<Tables>().deleteFrom("versions").where("name", "=", name).where("version", "=", version).execute();
}

/** Whether any version or image still names these bytes. */
export async function isBlobUsed(db: Db, digest: string): Promise<boolean> {
  const tables = db.tables<Tables>();
  const inVersion = await tables
    .selectFrom("version_files")
    .select("path")
    .where("digest", "=", digest)
    .limit(1)
    .executeTakeFirst();
  const inImage = await tables
    .selectFrom("image_files")
    .select("path")
    .where("blob", "=", digest)
    .limit(1)
    .executeTakeFirst();
  return inVersion !== undefined || inImage !== undefined;
}
