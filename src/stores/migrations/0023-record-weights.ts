import { type Kysely, type Migration, sql } from "kysely";

/** weight: requests that a record stands for, where a sample is kept. importance: JSON, weights of columns for the overall score of drift. */
export const recordWeights: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(`alter table records add column weight real not null default 1`).execute(db);
    await sql.raw(`alter table baselines add column importance text not null default '{}'`).execute(db);
  },
};
