import { type Kysely, type Migration, sql } from "kysely";

/** settled: a file that holds what others held, or that nothing is left to be merged with. */
export const settledFiles: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(`alter table record_files add column settled integer not null default 0`).execute(db);
  },
};
