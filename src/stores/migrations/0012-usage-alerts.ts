import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // `minute` (since 1970) begins a slot of `span` minutes: 1, later 60, later 1440. `errors` is JSON of counts by kind; `latencies` a
  // histogram (monitor/usage/latency-histogram.ts), which is JSON in rows from before this migration. `caller` is empty where it is not known.
  `create table usage_slots (
    service text not null, minute bigint not null, span integer not null, revision integer not null, image text not null,
    caller text not null, requests integer not null, answered_rows bigint not null, errors text not null,
    bytes_in bigint not null, bytes_out bigint not null, latencies blob not null,
    first_at bigint not null, last_at bigint not null,
    primary key (service, minute, span, revision, image, caller))`,
  `insert into usage_slots
    select service, minute, 1, revision, image, '', requests, 0,
      case errors when 0 then '{}' else '{"unknown":' || errors || '}' end, 0, 0, latencies, first_at, last_at
    from usage_minutes`,
  `drop table usage_minutes`,
  `create index usage_slots_by_span on usage_slots (span, minute)`,
  `create index usage_slots_by_image on usage_slots (image, last_at)`,
  `create index record_models_by_model on record_models (model)`,

  `create table alerts (
    name text primary key, condition text not null, service text, description text,
    silenced_until bigint, silence_reason text, created_at bigint not null, created_by text not null)`,
  // told: the state that the last event told; it differs from state while the alert is silenced.
  `create table alert_states (
    alert text not null references alerts(name) on delete cascade, service text not null,
    state text not null, since bigint not null, clear_since bigint, told text not null, measured text not null,
    evaluated_at bigint not null, primary key (alert, service))`,
];

export const usageAlerts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
