import { type Kysely, type Migration, sql } from "kysely";

/** What MLflow clients keep beside models: experiments, runs, logged models and the files of both. */
const tables = [
  `create table experiments (
    id text primary key, name text not null unique, artifact_location text not null, lifecycle text not null,
    created_at bigint not null, updated_at bigint not null)`,
  `create table runs (
    id text primary key, experiment_id text not null references experiments(id), name text not null,
    user_name text not null, status text not null, lifecycle text not null, artifact_uri text not null,
    started_at bigint not null, ended_at bigint)`,
  `create index runs_by_experiment on runs (experiment_id, started_at)`,
  `create table logged_models (
    id text primary key, experiment_id text not null references experiments(id), name text not null,
    artifact_uri text not null, status text not null, model_type text not null, source_run_id text,
    lifecycle text not null, created_at bigint not null, updated_at bigint not null)`,
  `create index logged_models_by_experiment on logged_models (experiment_id, created_at)`,
  `create index logged_models_by_run on logged_models (source_run_id)`,
  // The owner is an experiment (a number), a run (32 hexadecimal digits) or a logged model (m-…): never the same text.
  `create table tracking_tags (owner text not null, key text not null, value text not null, primary key (owner, key))`,
  `create table tracking_params (owner text not null, key text not null, value text not null, primary key (owner, key))`,
  // SQLite keeps no NaN: is_nan stands for it, with the value 0.
  `create table run_metrics (
    run_id text not null references runs(id), key text not null, at bigint not null, step bigint not null,
    value double precision not null, is_nan integer not null, primary key (run_id, key, step, at, value, is_nan))`,
  `create table run_latest_metrics (
    owner text not null references runs(id), key text not null, at bigint not null, step bigint not null,
    value double precision not null, is_nan integer not null, primary key (owner, key))`,
  `create table logged_model_metrics (
    owner text not null references logged_models(id), run_id text not null, key text not null, at bigint not null,
    step bigint not null, value double precision not null, is_nan integer not null,
    dataset_name text, dataset_digest text, primary key (owner, run_id, key, step, at))`,
  `create table run_inputs (
    run_id text not null references runs(id), kind text not null, key text not null, body text not null,
    primary key (run_id, kind, key))`,
  `create table run_outputs (
    run_id text not null references runs(id), model_id text not null, step bigint not null, primary key (run_id, model_id))`,
  `create table artifacts (path text primary key, digest text not null, size bigint not null, stored_at bigint not null)`,
  `create index artifacts_by_digest on artifacts (digest)`,
  // MLflow clients expect the experiment 0 to stand.
  `insert into experiments (id, name, artifact_location, lifecycle, created_at, updated_at)
    values ('0', 'Default', 'mlflow-artifacts:/0', 'active', 0, 0)`,
];

export const tracking: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
