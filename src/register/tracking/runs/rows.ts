import { sql } from "kysely";
import type { Lifecycle, Run, RunDataset, RunInfo, RunStatus } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { labelsOf } from "../labels/rows.ts";
import { latestMetrics } from "../metrics/rows.ts";

interface RunRow {
  id: string;
  experiment_id: string;
  name: string;
  user_name: string;
  status: RunStatus;
  lifecycle: Lifecycle;
  artifact_uri: string;
  started_at: number;
  ended_at: number | null;
}
interface Tables {
  runs: RunRow;
  run_inputs: { run_id: string; kind: "dataset" | "model"; key: string; body: string };
  run_outputs: { run_id: string; model_id: string; step: number };
}

const toInfo = (row: RunRow): RunInfo => ({
  id: row.id,
  experimentId: row.experiment_id,
  name: row.name,
  user: row.user_name,
  status: row.status,
  lifecycle: row.lifecycle,
  artifactUri: row.artifact_uri,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

export async function insertRun(tx: Db, run: RunInfo): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("runs")
    .values({
      id: run.id,
      experiment_id: run.experimentId,
      name: run.name,
      user_name: run.user,
      status: run.status,
      lifecycle: run.lifecycle,
      artifact_uri: run.artifactUri,
      started_at: run.startedAt,
      ended_at: run.endedAt,
    })
    .execute();
}

export async function findRunInfo(db: Db, id: string): Promise<RunInfo | undefined> {
  const row = await db.tables<Tables>().selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : toInfo(row);
}

/** Runs with all that is known of them, in the order of the ids. */
export async function selectRuns(db: Db, ids: readonly string[]): Promise<Run[]> {
  if (ids.length === 0) return [];
  const tables = db.tables<Tables>();
  const rows = await tables.selectFrom("runs").selectAll().where("id", "in", ids).execute();
  const tags = await labelsOf(db, "tracking_tags", ids);
  const params = await labelsOf(db, "tracking_params", ids);
  const metrics = await latestMetrics(db, ids);
  const inputs = await tables.selectFrom("run_inputs").selectAll().where("run_id", "in", ids).orderBy("key").execute();
  const outputs = await tables
    .selectFrom("run_outputs")
    .selectAll()
    .where("run_id", "in", ids)
    .orderBy("step")
    .orderBy("model_id")
    .execute();
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = found.get(id);
    if (row === undefined) return [];
    const own = inputs.filter(({ run_id }) => run_id === id);
    return [
      {
        ...toInfo(row),
        tags: tags.get(id) ?? {},
        params: params.get(id) ?? {},
        metrics: metrics.get(id) ?? [],
        datasets: own.filter(({ kind }) => kind === "dataset").map(({ body }) => JSON.parse(body) as RunDataset),
        modelInputs: own.filter(({ kind }) => kind === "model").map(({ key }) => key),
        modelOutputs: outputs
          .filter(({ run_id }) => run_id === id)
          .map(({ model_id, step }) => ({ modelId: model_id, step })),
      },
    ];
  });
}

export async function updateRun(
  tx: Db,
  id: string,
  changes: Partial<Pick<RunInfo, "status" | "endedAt" | "name" | "lifecycle">>,
): Promise<void> {
  const { status, endedAt, name, lifecycle } = changes;
  const set = {
    ...(status === undefined ? {} : { status }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt }),
    ...(name === undefined ? {} : { name }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
  };
  if (Object.keys(set).length > 0)
    await tx.tables<Tables>().updateTable("runs").set(set).where("id", "=", id).execute();
}

export async function insertRunInput(
  tx: Db,
  runId: string,
  kind: "dataset" | "model",
  key: string,
  body: object,
): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("run_inputs")
    .values({ run_id: runId, kind, key, body: JSON.stringify(body) })
    .onConflict((conflict) => conflict.columns(["run_id", "kind", "key"]).doUpdateSet({ body: sql`excluded.body` }))
    .execute();
}

export async function insertRunOutput(tx: Db, runId: string, modelId: string, step: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("run_outputs")
    .values({ run_id: runId, model_id: modelId, step })
    .onConflict((conflict) => conflict.columns(["run_id", "model_id"]).doUpdateSet({ step: sql`excluded.step` }))
    .execute();
}
