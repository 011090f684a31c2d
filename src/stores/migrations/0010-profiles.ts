import { type Kysely, type Migration, sql } from "kysely";

const tables = [
  // A side is inputs or predictions; a profile is of one layout, which its baseline fixed. Times are epoch ms.
  `create table profiles (
    service text not null, revision integer not null, side text not null, at bigint not null, layout text not null,
    rows bigint not null, profile blob not null, sample blob not null,
    primary key (service, at, revision, side, layout))`,
  // Of a service, or of a version.
  `create table baselines (
    service text, name text, version integer, side text not null, layout text not null, columns blob not null,
    profile blob not null, sample blob not null, source text not null, created_at bigint not null, created_by text not null,
    foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create unique index baselines_by_service on baselines (service, side) where service is not null`,
  `create unique index baselines_by_version on baselines (name, version, side) where name is not null`,
  `create table drift_states (
    service text not null, side text not null, name text not null, state text not null, since bigint not null,
    primary key (service, side, name))`,
  `create table drift_evaluations (service text primary key, until bigint not null)`,
];

export const profiles: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
