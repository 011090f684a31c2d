import { type Kysely, type Migration, sql } from "kysely";

/** Artifacts that arrive in parts; of the secret of their URLs the hash is kept. */
const tables = [
  `create table multipart_uploads (
    id text primary key, path text not null, parts integer not null, secret_hash text not null,
    touched_at bigint not null, completed_at bigint)`,
];

export const uploads: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
