import { type Kysely, type Migration, sql } from "kysely";

/** Finds the newest entry of a collection that has columns, however many empty ones came after it. */
export const collectedColumns: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw("create index collected_with_columns on collected (collection, sequence) where columns <> '[]'")
      .execute(db);
  },
};
