import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // What scripts collect, by the names they give; '' where they give none. The counts are those of the entries that are kept.
  `create table collections (
    id integer primary key, service text not null, collection text not null, model text not null, version text not null,
    entries integer not null, row_count bigint not null, first_at bigint not null, last_at bigint not null,
    unique (service, collection, model, version))`,
  // One table that a script collected. The body is as it came (contract/host.ts), columns a JSON list, null when it is not understood.
  `create table collected (
    sequence integer primary key, collection integer not null references collections (id), revision integer not null,
    request_id text, correlation_id text, at bigint not null, format text not null, columns text, row_count integer not null,
    body blob not null)`,
  `create index collected_by_collection on collected (collection, sequence)`,
  `create index collected_by_time on collected (collection, at)`,
  `create index collected_by_request on collected (request_id) where request_id is not null`,
  `create index collected_by_correlation on collected (correlation_id) where correlation_id is not null`,
];

export const collections: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
