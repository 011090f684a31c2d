import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // What deleted images were made of: records that they answered still lead to the digests of their files.
  `create table past_images (digest text primary key, manifest text not null)`,
];

export const pastImages: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
