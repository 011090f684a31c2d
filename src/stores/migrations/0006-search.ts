import { type Kysely, type Migration, sql } from "kysely";

/** A version never gets another `created_at`, so its tags and properties may keep a copy: pages by it are walked in an index. */
const statements = (["version_tags", "version_properties"] as const).flatMap((table) => [
  `alter table ${table} add column created_at bigint not null default 0`,
  `update ${table} set created_at = (select v.created_at from versions v where v.name = ${table}.name and v.version = ${table}.version)`,
  `drop index ${table}_by_key`,
  `create index ${table}_by_name on ${table} (key, value, name, version)`,
  `create index ${table}_by_time on ${table} (key, value, created_at, name, version)`,
]);

export const search: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    // versions_by_update serves the order of MLflow's clients, with the names the other way round
    await sql`create index versions_by_update_alone on versions (updated_at, name, version)`.execute(db);
  },
};
