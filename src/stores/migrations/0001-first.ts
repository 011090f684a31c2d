import { type Kysely, type Migration, sql } from "kysely";

/** Text holds JSON, integers hold booleans (0/1) and times (epoch ms), so that SQLite and PostgreSQL stay alike. */
const tables = [
  `create table tokens (
    id text primary key, name text not null, role text not null, hash text not null unique,
    created_at bigint not null, expires_at bigint, revoked_at bigint)`,
  // Numbers are never reused, also after a name was deleted and made again: the counter outlives its versions.
  `create table models (name text primary key, last_version integer not null, created_at bigint not null)`,
  `create table versions (
    name text not null references models(name), version integer not null, description text,
    framework text, framework_version text, digest text not null, size bigint not null, reading text,
    created_at bigint not null, created_by text not null, primary key (name, version))`,
  `create index versions_by_time on versions (created_at, name, version)`,
  `create index versions_by_digest on versions (digest)`,
  `create table version_files (
    name text not null, version integer not null, path text not null, digest text not null, size bigint not null,
    primary key (name, version, path), foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create index version_files_by_digest on version_files (digest)`,
  `create table version_tags (
    name text not null, version integer not null, key text not null, value text not null,
    primary key (name, version, key), foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create index version_tags_by_key on version_tags (key, value)`,
  `create table version_properties (
    name text not null, version integer not null, key text not null, value text not null,
    primary key (name, version, key), foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create table images (
    digest text primary key, build_key text not null unique, input text not null, manifest text not null, log text not null,
    created_at bigint not null, created_by text not null)`,
  `create table image_models (
    digest text not null references images(digest) on delete cascade, name text not null, version integer not null,
    primary key (digest, name, version), foreign key (name, version) references versions(name, version) on delete restrict)`,
  `create index image_models_by_version on image_models (name, version)`,
  `create table image_files (
    digest text not null references images(digest) on delete cascade, path text not null, blob text not null,
    primary key (digest, path))`,
  `create index image_files_by_blob on image_files (blob)`,
  // The image column is the guard behind "a model in use cannot be deleted".
  `create table services (
    name text primary key, wanted text not null, revision integer not null, last_revision integer not null,
    image text not null references images(digest) on delete restrict,
    settings text not null, primary_key text not null, secondary_key text not null,
    created_at bigint not null, updated_at bigint not null)`,
  // Revisions and history outlive their service; a service made again under the same name continues their numbers.
  `create table revisions (
    service text not null, revision integer not null, image text not null, models text not null, settings text not null,
    state text not null, created_at bigint not null, created_by text not null, primary key (service, revision))`,
  `create table history (
    id text primary key, service text not null, at bigint not null, action text not null, outcome text not null,
    revision integer, by_whom text not null, reason text, differences text not null, error text)`,
  `create index history_by_service on history (service, id)`,
  `create table records (
    id text not null, service text not null, revision integer not null, image text not null, at bigint not null,
    duration_ms real not null, status integer not null, body blob not null, body_size bigint not null,
    answer blob not null, answer_size bigint not null, content_type text, answer_type text, sequence integer primary key)`,
  `create index records_by_id on records (id)`,
  `create index records_by_service on records (service, sequence)`,
  `create index records_by_time on records (at)`,
  `create table record_models (image text not null, model text not null, primary key (image, model))`,
  `create table usage_minutes (
    service text not null, revision integer not null, image text not null, minute bigint not null,
    requests integer not null, errors integer not null, latencies text not null,
    first_at bigint not null, last_at bigint not null, primary key (service, revision, image, minute))`,
  `create index usage_by_minute on usage_minutes (minute)`,
  `create table spool_positions (host text primary key, segment integer not null, position bigint not null)`,
];

export const first: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
