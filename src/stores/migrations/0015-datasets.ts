import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // digest is null while it is built; manifest is JSON (contract/datasets.ts). has_bytes: whether the blob may still be there.
  `create table datasets (
    number integer primary key autoincrement, name text not null, digest text, service text not null, state text not null,
    format text not null, size bigint not null, row_count bigint not null, manifest text not null, has_bytes integer not null,
    created_at bigint not null, created_by text not null, erased_at bigint)`,
  `create unique index datasets_by_name on datasets (name, digest) where digest is not null`,
  `create index datasets_by_digest on datasets (digest) where digest is not null`,
  // The requests it holds rows of, for when one of them is to be erased.
  `create table dataset_requests (id text not null, dataset integer not null references datasets(number) on delete cascade,
    primary key (id, dataset)) without rowid`,
  `create index dataset_requests_by_dataset on dataset_requests (dataset)`,
  // name@digest of the data set that a version was trained on; a part of its lineage.
  `alter table versions add column dataset text`,
  `create index versions_by_dataset on versions (dataset) where dataset is not null`,
];

export const datasets: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
