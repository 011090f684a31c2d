import { type Kysely, type Migration, sql } from "kysely";

/** Records that hosts could not keep, over all their lives. seen: what the host that started at `host` (epoch ms) had counted when it was asked last. */
export const hostDrops: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table host_drops (
           reason text primary key,
           records integer not null,
           seen integer not null,
           host integer not null
         )`,
      )
      .execute(db);
  },
};
