import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // Null when the trace id follows from the id of the request (kernel/trace-context.ts).
  `alter table records add column trace_id text`,
  `create index records_by_trace on records (trace_id) where trace_id is not null`,
  // 1 for the answer of a revision that only mirrors: nobody got it.
  `alter table records add column mirrored integer not null default 0`,
];

export const recordTraces: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
