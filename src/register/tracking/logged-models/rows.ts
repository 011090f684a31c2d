import { ModelyardError } from "../../../contract/errors.ts";
import type { Lifecycle, LoggedModel, LoggedModelStatus } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { labelsOf } from "../labels/rows.ts";
import { metricsOfModels } from "../metrics/rows.ts";

interface Tables {
  logged_models: {
    id: string;
    experiment_id: string;
    name: string;
    artifact_uri: string;
    status: LoggedModelStatus;
    model_type: string;
    source_run_id: string | null;
    lifecycle: Lifecycle;
    created_at: number;
    updated_at: number;
  };
}

export async function insertLoggedModel(
  tx: Db,
  model: Omit<LoggedModel, "tags" | "params" | "metrics">,
): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("logged_models")
    .values({
      id: model.id,
      experiment_id: model.experimentId,
      name: model.name,
      artifact_uri: model.artifactUri,
      status: model.status,
      model_type: model.modelType,
      source_run_id: model.sourceRunId,
      lifecycle: model.lifecycle,
      created_at: model.createdAt,
      updated_at: model.updatedAt,
    })
    .execute();
}

/** Logged models with all that is known of them, in the order of the ids. */
export async function selectLoggedModels(db: Db, ids: readonly string[]): Promise<LoggedModel[]> {
  if (ids.length === 0) return [];
  const rows = await db.tables<Tables>().selectFrom("logged_models").selectAll().where("id", "in", ids).execute();
  const tags = await labelsOf(db, "tracking_tags", ids);
  const params = await labelsOf(db, "tracking_params", ids);
  const metrics = await metricsOfModels(db, ids);
  const found = new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        experimentId: row.experiment_id,
        name: row.name,
        artifactUri: row.artifact_uri,
        status: row.status,
        modelType: row.model_type,
        sourceRunId: row.source_run_id,
        lifecycle: row.lifecycle,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        tags: tags.get(row.id) ?? {},
        params: params.get(row.id) ?? {},
        metrics: metrics.get(row.id) ?? [],
      },
    ]),
  );
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** The newest logged model of a run with a name: what `runs:/RUN/NAME` means. */
export async function findModelOfRun(db: Db, runId: string, name: string): Promise<string | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("logged_models")
    .select("id")
    .where("source_run_id", "=", runId)
    .where("name", "=", name)
    .where("lifecycle", "=", "active")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

export async function updateLoggedModel(
  tx: Db,
  id: string,
  changes: { status?: LoggedModelStatus; lifecycle?: Lifecycle; at: number },
): Promise<void> {
  const { status, lifecycle, at } = changes;
  await tx
    .tables<Tables>()
    .updateTable("logged_models")
    .set({
      updated_at: at,
      ...(status === undefined ? {} : { status }),
      ...(lifecycle === undefined ? {} : { lifecycle }),
    })
    .where("id", "=", id)
    .execute();
}

/** Refuses ids of models that nobody logged. */
export async function checkModelsExist(db: Db, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  const rows = await db.tables<Tables>().selectFrom("logged_models").select("id").where("id", "in", wanted).execute();
  const known = new Set(rows.map(({ id }) => id));
  const missing = wanted.find((id) => !known.has(id));
  if (missing !== undefined) throw new ModelyardError("logged-model-not-found", { model: missing });
}
