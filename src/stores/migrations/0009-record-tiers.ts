import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // How a record is read: contract/host.ts. Null in records of older hosts, and where it does not apply.
  `alter table records add column language text`,
  `alter table records add column body_json_bytes integer`,
  `alter table records add column answer_json_bytes integer`,
  // Null when it is the id.
  `alter table records add column correlation_id text`,
  `create index records_by_correlation on records (correlation_id) where correlation_id is not null`,
  `alter table records add column caller text`,
  // The sequence given last. Records that left for a file keep theirs, so SQLite must not give it again.
  `create table record_sequence (last integer not null)`,
  `insert into record_sequence select coalesce(max(sequence), 0) from records`,
  // The older records, in files of Parquet. ids is a Bloom filter of request, correlation and trace ids.
  `create table record_files (
    number integer primary key autoincrement, path text not null, service text not null, revision integer not null, day text not null,
    records integer not null, rows integer not null, bytes bigint not null, first_at bigint not null, last_at bigint not null,
    last_sequence integer not null, images text not null, digest text not null, ids blob not null)`,
  `create index record_files_by_time on record_files (service, last_at)`,
  // Erased correlation ids, by their SHA-256: what arrives later from a spool is not kept either. service is '' for all.
  `create table record_tombstones (service text not null, id_digest text not null, erased_at bigint not null, primary key (service, id_digest))`,
  // What the server could not take over, and what records could not be told as columns, by reason.
  `create table record_drops (reason text primary key, records integer not null)`,
];

export const recordTiers: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
