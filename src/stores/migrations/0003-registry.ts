import { type Kysely, type Migration, sql } from "kysely";

const statements = [
  // `id` stays with a model through renames; a deleted or renamed model leaves its row behind, so that its numbers are never given again.
  `alter table models add column id text not null default ''`,
  `alter table models add column description text`,
  `alter table models add column created_by text not null default ''`,
  `alter table models add column updated_at bigint not null default 0`,
  `alter table models add column deleted_at bigint`,
  `update models set id = name, updated_at = created_at, created_by =
    coalesce((select created_by from versions where versions.name = models.name order by version limit 1), '')`,
  `create index models_by_id on models (id)`,
  `create index models_by_update on models (updated_at, name)`,
  `create table model_tags (
    name text not null references models(name) on delete cascade, key text not null, value text not null,
    primary key (name, key))`,
  `create index model_tags_by_key on model_tags (key, value)`,

  `alter table versions add column updated_at bigint not null default 0`,
  `alter table versions add column archived_at bigint`,
  `alter table versions add column stage text not null default 'None'`,
  `alter table versions add column source text`,
  `alter table versions add column run_id text`,
  `alter table versions add column lineage text not null default '{}'`,
  `alter table versions add column signature text`,
  `alter table versions add column sample text`,
  `update versions set updated_at = created_at`,
  `create index versions_by_update on versions (updated_at desc, name, version desc)`,
  `create index versions_by_number on versions (version, name)`,
  `create index versions_by_name_and_time on versions (name, created_at, version)`,
  `create index versions_by_framework on versions (lower(framework), created_at, name, version)`,
  `create index versions_by_stage on versions (stage, created_at, name, version)`,
  `create index versions_by_creator on versions (created_by, created_at, name, version)`,
  `create index versions_by_run on versions (run_id)`,
  `create index versions_by_source on versions (source)`,
  `create table version_metrics (
    name text not null, version integer not null, key text not null, value double precision not null,
    primary key (name, version, key), foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create index version_metrics_by_key on version_metrics (key, value)`,
  `create index version_properties_by_key on version_properties (key, value)`,
  `create table aliases (
    name text not null, alias text not null, version integer not null, protected integer not null, updated_at bigint not null,
    primary key (name, alias), foreign key (name, version) references versions(name, version) on delete cascade)`,
  `create index aliases_by_version on aliases (name, version)`,
  `create index aliases_by_alias on aliases (alias)`,

  // Append-only. `model` is the id of the model, `name` what it was called at that time.
  `create table model_history (
    id integer primary key autoincrement, model text not null, name text not null, version integer, at bigint not null, by_whom text not null,
    action text not null, detail text not null)`,
  `create index model_history_by_model on model_history (model, id)`,
  `create index model_history_by_name on model_history (name, id)`,

  // Append-only but for the end: one row for every version and every span of time in which a service answered with it.
  `create table served (
    id text primary key, service text not null, revision integer not null, name text not null, version integer not null,
    from_at bigint not null, to_at bigint)`,
  `create index served_by_version on served (name, version, from_at)`,
  `create index served_now on served (service) where to_at is null`,
  `insert into served (id, service, revision, name, version, from_at)
    select s.name || ':' || m.name || ':' || m.version, s.name, s.revision, m.name, m.version, s.updated_at
    from services s join image_models m on m.digest = s.image where s.wanted = 'running' and s.revision > 0`,
];

export const registry: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
