import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // What was true of row `row` of the request `id`; value is JSON. A label may be here before its record, and stay after it.
  `create table labels (
    id text not null, service text not null, row integer not null, value text not null, at bigint,
    added_at bigint not null, changed_at bigint not null, by_whom text not null,
    primary key (id, service, row)) without rowid`,
  `create index labels_by_change on labels (service, changed_at)`,
  `create index labels_by_age on labels (changed_at)`,
];

export const labels: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
