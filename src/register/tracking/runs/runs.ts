import { ModelyardError } from "../../../contract/errors.ts";
import type { Labels, Run, RunInfo, Tracking } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { uuid7 } from "../../../kernel/ids.ts";
import { mustFindActiveExperiment } from "../experiments/experiments.ts";
import { checkKeys, checkLabels } from "../labels/check-labels.ts";
import { labelsOf, removeLabel, setLabels } from "../labels/rows.ts";
import { checkModelsExist } from "../logged-models/rows.ts";
import { insertMetrics, metricHistory } from "../metrics/rows.ts";
import type { TrackingPorts } from "../ports.ts";
import { runEntity } from "../search/entity.ts";
import { decodeOffset, encodeOffset } from "../search/page-token.ts";
import { searchIds } from "../search/rows.ts";
import { findRunInfo, insertRun, insertRunInput, insertRunOutput, selectRuns, updateRun } from "./rows.ts";
import { runName } from "./run-name.ts";

const nameTag = "mlflow.runName";

/** A run, deleted or not; an unknown one is run-not-found. */
export async function mustFindRun(db: Db, id: string): Promise<Run> {
  const [found] = await selectRuns(db, [id]);
  if (found === undefined) throw new ModelyardError("run-not-found", { run: id });
  return found;
}

async function mustBeActive(db: Db, id: string): Promise<RunInfo> {
  const found = await findRunInfo(db, id);
  if (found === undefined) throw new ModelyardError("run-not-found", { run: id });
  if (found.lifecycle !== "active")
    throw new ModelyardError("invalid-input", {
      problems: `The run ${id} must be in the 'active' state. Current state is deleted.`,
    });
  return found;
}

/** A parameter says what a run was made with: it is written once. */
async function addParams(tx: Db, id: string, params: Labels): Promise<void> {
  const standing = (await labelsOf(tx, "tracking_params", [id])).get(id) ?? {};
  for (const [key, value] of Object.entries(params)) {
    const before = Object.hasOwn(standing, key) ? standing[key] : undefined;
    if (before !== undefined && before !== value)
      throw new ModelyardError("invalid-input", {
        problems: `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for run ID='${id}'. Attempted logging new value '${value.slice(0, 100)}'.`,
      });
  }
  await setLabels(tx, "tracking_params", id, params);
}

export function makeRuns({ db, clock }: TrackingPorts): Tracking["runs"] {
  const change = <Result>(id: string, work: (tx: Db, run: RunInfo) => Promise<Result>) =>
    db.transaction(async (tx) => work(tx, await mustBeActive(tx, id)));
  return {
    async create({ experimentId, user, name, startedAt, tags }) {
      checkLabels("tag", tags);
      const at = clock.now();
      const id = uuid7(at).replaceAll("-", "");
      const finalName = name || tags[nameTag] || runName(id);
      return db.transaction(async (tx) => {
        const { artifactLocation } = await mustFindActiveExperiment(tx, experimentId);
        const artifactUri = `${artifactLocation.replace(/\/$/, "")}/${id}/artifacts`;
        const fixed = { status: "RUNNING", lifecycle: "active", endedAt: null } as const;
        await insertRun(tx, {
          id,
          experimentId,
          name: finalName,
          user,
          artifactUri,
          startedAt: startedAt ?? at,
          ...fixed,
        });
        await setLabels(tx, "tracking_tags", id, { ...tags, [nameTag]: finalName });
        return mustFindRun(tx, id);
      });
    },
    get: (id) => mustFindRun(db, id),
    async search({ experimentIds, view, ...input }) {
      const { ids, nextPageToken } = await searchIds(db, runEntity, input, {
        equal: { experiment_id: experimentIds, ...(view === "all" ? {} : { lifecycle: view }) },
        defaultOrder: "e.started_at desc, e.id",
      });
      return { items: await selectRuns(db, ids), nextPageToken };
    },
    update: (id, changes) =>
      change(id, async (tx, run) => {
        await updateRun(tx, id, changes);
        if (changes.name !== undefined) await setLabels(tx, "tracking_tags", id, { [nameTag]: changes.name });
        return (await findRunInfo(tx, id)) ?? run;
      }),
    async setLifecycle(id, lifecycle) {
      await db.transaction(async (tx) => {
        await mustFindRun(tx, id);
        await updateRun(tx, id, { lifecycle });
      });
    },
    async log(id, { metrics = [], params = {}, tags = {} }) {
      checkKeys(
        "metric",
        metrics.map(({ key }) => key),
      );
      checkLabels("param", params);
      checkLabels("tag", tags);
      await change(id, async (tx) => {
        await checkModelsExist(
          tx,
          metrics.flatMap(({ modelId }) => modelId ?? []),
        );
        await addParams(tx, id, params);
        await insertMetrics(tx, id, metrics);
        await setLabels(tx, "tracking_tags", id, tags);
        if (Object.hasOwn(tags, nameTag)) await updateRun(tx, id, { name: tags[nameTag] ?? "" });
      });
    },
    async removeTag(id, key) {
      await change(id, async (tx) => {
        if (!(await removeLabel(tx, "tracking_tags", id, key)))
          throw new ModelyardError("tag-not-found", { tag: key, owner: `run ${id}` });
      });
    },
    async history(id, key, { maxResults, pageToken }) {
      await mustFindRun(db, id);
      const offset = decodeOffset(pageToken);
      const rows = await metricHistory(db, id, key, { limit: maxResults + 1, offset });
      return {
        items: rows.slice(0, maxResults),
        nextPageToken: rows.length > maxResults ? encodeOffset(offset + maxResults) : null,
      };
    },
    async addInputs(id, datasets, modelIds) {
      await change(id, async (tx) => {
        await checkModelsExist(tx, modelIds);
        for (const dataset of datasets)
          await insertRunInput(tx, id, "dataset", `${dataset.dataset.name} ${dataset.dataset.digest}`, dataset);
        for (const modelId of modelIds) await insertRunInput(tx, id, "model", modelId, {});
      });
    },
    async addOutputs(id, models) {
      await change(id, async (tx) => {
        await checkModelsExist(
          tx,
          models.map(({ modelId }) => modelId),
        );
        for (const { modelId, step } of models) await insertRunOutput(tx, id, modelId, step);
      });
    },
  };
}
