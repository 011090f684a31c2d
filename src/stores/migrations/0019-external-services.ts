import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // Services that run elsewhere and tell of their requests. source is what sends for it, as it names itself.
  `create table external_services (
    service text primary key, source text not null, first_at bigint not null, last_at bigint not null)`,
  // Requests and answers as they come, each once. What was joined, or given up, keeps its row without the body, so that it is known when it comes again.
  `create table external_events (
    service text not null, id text not null, kind text not null, state text not null, at bigint not null, received_at bigint not null,
    model text, content_type text, body blob not null, primary key (service, id, kind)) without rowid`,
  `create index external_events_by_time on external_events (state, received_at)`,
];

export const externalServices: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
