import { type Kysely, type Migration, sql } from "kysely";

const tables = [
  // Autoincrement: a sequence is a cursor of readers and is never given twice, also after old events were removed.
  `create table events (
    sequence integer primary key autoincrement, id text not null unique, type text not null, subject text not null,
    stream text not null, at bigint not null, actor text not null, data text not null)`,
  `create index events_by_time on events (at)`,
  `create index events_by_subject on events (subject, sequence)`,
  // position: the last sequence that was looked at for this webhook.
  `create table webhooks (
    id text primary key, name text not null, description text, url text not null, events text not null, model text, format text not null,
    secret text not null, status text not null, position bigint not null,
    created_at bigint not null, created_by text not null, updated_at bigint not null)`,
  // next_at is set on the first pending delivery of each stream alone; the later ones wait for its end.
  `create table deliveries (
    number integer primary key autoincrement, id text not null unique,
    webhook text not null references webhooks(id) on delete cascade,
    sequence integer not null references events(sequence) on delete cascade, stream text not null, status text not null,
    attempts integer not null, next_at bigint, first_at bigint, last_at bigint, response_status integer, error text)`,
  `create index deliveries_due on deliveries (webhook, next_at) where next_at is not null`,
  `create index deliveries_pending on deliveries (webhook, stream, number) where status = 'pending'`,
  `create index deliveries_by_webhook on deliveries (webhook, number)`,
  `create index deliveries_by_event on deliveries (sequence)`,
];

export const events: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
