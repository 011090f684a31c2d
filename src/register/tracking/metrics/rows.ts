import { sql } from "kysely";
import type { Metric, MetricEntry, ModelMetric } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";

interface MetricRow {
  key: string;
  at: number;
  step: number;
  value: number;
  is_nan: number;
}
interface Tables {
  run_metrics: MetricRow & { run_id: string };
  run_latest_metrics: MetricRow & { owner: string };
  logged_model_metrics: MetricRow & {
    owner: string;
    run_id: string;
    dataset_name: string | null;
    dataset_digest: string | null;
  };
}

const toRow = ({ key, at, step, value }: Metric): MetricRow => ({
  key,
  at,
  step,
  value: Number.isNaN(value) ? 0 : value,
  is_nan: Number.isNaN(value) ? 1 : 0,
});
const toMetric = ({ key, at, step, value, is_nan }: MetricRow): Metric => ({
  key,
  at,
  step,
  value: is_nan === 1 ? Number.NaN : value,
});

/** Appends to the history of a run, keeps the latest value of each key, and gives models the metrics that name them. */
export async function insertMetrics(tx: Db, runId: string, metrics: readonly MetricEntry[]): Promise<void> {
  for (let start = 0; start < metrics.length; start += 1000)
    await insertSome(tx, runId, metrics.slice(start, start + 1000));
}

async function insertSome(tx: Db, runId: string, metrics: readonly MetricEntry[]): Promise<void> {
  const db = tx.tables<Tables>();
  await db
    .insertInto("run_metrics")
    .values(metrics.map((metric) => ({ run_id: runId, ...toRow(metric) })))
    // a metric that is sent again, as log_model does, is the same one
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto("run_latest_metrics")
    .values(metrics.map((metric) => ({ owner: runId, ...toRow(metric) })))
    .onConflict((conflict) =>
      conflict
        .columns(["owner", "key"])
        .doUpdateSet({
          at: sql`excluded.at`,
          step: sql`excluded.step`,
          value: sql`excluded.value`,
          is_nan: sql`excluded.is_nan`,
        })
        .where(
          sql<boolean>`(excluded.step, excluded.at, excluded.value) >= (run_latest_metrics.step, run_latest_metrics.at, run_latest_metrics.value)`,
        ),
    )
    .execute();
  const ofModels = metrics.flatMap((metric) => {
    const { modelId: owner, datasetName = null, datasetDigest = null } = metric;
    const data = { dataset_name: datasetName, dataset_digest: datasetDigest };
    return owner === undefined ? [] : [{ owner, run_id: runId, ...data, ...toRow(metric) }];
  });
  if (ofModels.length > 0)
    await db
      .insertInto("logged_model_metrics")
      .values(ofModels)
      .onConflict((conflict) =>
        conflict.columns(["owner", "run_id", "key", "step", "at"]).doUpdateSet({
          value: sql`excluded.value`,
          is_nan: sql`excluded.is_nan`,
          dataset_name: sql`excluded.dataset_name`,
          dataset_digest: sql`excluded.dataset_digest`,
        }),
      )
      .execute();
}

function grouped<Row extends { owner: string }, Item>(
  owners: readonly string[],
  rows: readonly Row[],
  toItem: (row: Row) => Item,
): Map<string, Item[]> {
  const found = new Map<string, Item[]>(owners.map((owner) => [owner, []]));
  for (const row of rows) found.get(row.owner)?.push(toItem(row));
  return found;
}

export async function latestMetrics(db: Db, runIds: readonly string[]): Promise<Map<string, Metric[]>> {
  const query = db.tables<Tables>().selectFrom("run_latest_metrics").selectAll();
  const rows = runIds.length === 0 ? [] : await query.where("owner", "in", runIds).orderBy("key").execute();
  return grouped(runIds, rows, toMetric);
}

export async function metricsOfModels(db: Db, modelIds: readonly string[]): Promise<Map<string, ModelMetric[]>> {
  const query = db.tables<Tables>().selectFrom("logged_model_metrics").selectAll();
  const rows =
    modelIds.length === 0
      ? []
      : await query.where("owner", "in", modelIds).orderBy("key").orderBy("step").orderBy("at").execute();
  return grouped(modelIds, rows, (row) => ({
    ...toMetric(row),
    runId: row.run_id,
    datasetName: row.dataset_name,
    datasetDigest: row.dataset_digest,
  }));
}

/** The history of a metric, in the order of its steps. */
export async function metricHistory(
  db: Db,
  runId: string,
  key: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<Metric[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("run_metrics")
    .selectAll()
    .where("run_id", "=", runId)
    .where("key", "=", key)
    .orderBy("step")
    .orderBy("at")
    .orderBy("value")
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(toMetric);
}
