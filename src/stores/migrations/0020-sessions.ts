import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // Both are known by the digest of their secret only, and belong to the token of who asked: when it ends, so do they.
  `create table sign_in_links (
    hash text primary key, token text not null references tokens (id), expires_at bigint not null)`,
  `create table sessions (
    hash text primary key, token text not null references tokens (id), created_at bigint not null, expires_at bigint not null)`,
];

export const sessions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
