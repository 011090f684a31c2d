import { ModelyardError } from "../../../contract/errors.ts";
import type { LoggedModel, Tracking } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { uuid7 } from "../../../kernel/ids.ts";
import { mustFindActiveExperiment } from "../experiments/experiments.ts";
import { checkLabels } from "../labels/check-labels.ts";
import { removeLabel, setLabels } from "../labels/rows.ts";
import type { TrackingPorts } from "../ports.ts";
import { findRunInfo } from "../runs/rows.ts";
import { loggedModelEntity } from "../search/entity.ts";
import { searchIds } from "../search/rows.ts";
import { insertLoggedModel, selectLoggedModels, updateLoggedModel } from "./rows.ts";

/** A logged model; an unknown or deleted one is logged-model-not-found. */
export async function mustFindLoggedModel(db: Db, id: string, allowDeleted = false): Promise<LoggedModel> {
  const [found] = await selectLoggedModels(db, [id]);
  if (found === undefined || (found.lifecycle === "deleted" && !allowDeleted))
    throw new ModelyardError("logged-model-not-found", { model: id });
  return found;
}

/** What would break a path or a reference. MLflow refuses the same. */
function checkName(name: string): void {
  if (name === "" || name.length > 500 || /[/:.%"']/.test(name))
    throw new ModelyardError("invalid-input", {
      problems: `Invalid model name '${name.slice(0, 100)}': not empty, at most 500 characters, and none of / : . % " '`,
    });
}

export function makeLoggedModels({ db, clock }: TrackingPorts): Tracking["loggedModels"] {
  const change = (id: string, work: (tx: Db, model: LoggedModel) => Promise<void>) =>
    db.transaction(async (tx) => {
      await work(tx, await mustFindLoggedModel(tx, id));
      return mustFindLoggedModel(tx, id, true);
    });
  return {
    async create({ experimentId, name = "model", modelType, sourceRunId, tags, params }) {
      checkName(name);
      checkLabels("tag", tags);
      checkLabels("param", params);
      const at = clock.now();
      const id = `m-${uuid7(at).replaceAll("-", "")}`;
      return db.transaction(async (tx) => {
        const { artifactLocation } = await mustFindActiveExperiment(tx, experimentId);
        if (sourceRunId !== undefined && (await findRunInfo(tx, sourceRunId)) === undefined)
          throw new ModelyardError("run-not-found", { run: sourceRunId });
        await insertLoggedModel(tx, {
          id,
          experimentId,
          name,
          artifactUri: `${artifactLocation.replace(/\/$/, "")}/models/${id}/artifacts`,
          status: "LOGGED_MODEL_PENDING",
          modelType,
          sourceRunId: sourceRunId ?? null,
          lifecycle: "active",
          createdAt: at,
          updatedAt: at,
        });
        await setLabels(tx, "tracking_tags", id, tags);
        await setLabels(tx, "tracking_params", id, params);
        return mustFindLoggedModel(tx, id);
      });
    },
    get: (id, allowDeleted) => mustFindLoggedModel(db, id, allowDeleted),
    async search({ experimentIds, ...input }) {
      const { ids, nextPageToken } = await searchIds(db, loggedModelEntity, input, {
        equal: { experiment_id: experimentIds, lifecycle: "active" },
        defaultOrder: "e.created_at desc, e.id desc",
      });
      return { items: await selectLoggedModels(db, ids), nextPageToken };
    },
    finish: (id, status) => change(id, (tx) => updateLoggedModel(tx, id, { status, at: clock.now() })),
    async remove(id) {
      await change(id, (tx) => updateLoggedModel(tx, id, { lifecycle: "deleted", at: clock.now() }));
    },
    async setTags(id, tags) {
      checkLabels("tag", tags);
      return change(id, async (tx) => {
        await setLabels(tx, "tracking_tags", id, tags);
        await updateLoggedModel(tx, id, { at: clock.now() });
      });
    },
    async removeTag(id, key) {
      await change(id, async (tx) => {
        if (!(await removeLabel(tx, "tracking_tags", id, key)))
          throw new ModelyardError("tag-not-found", { tag: key, owner: `logged model ${id}` });
      });
    },
    async addParams(id, params) {
      checkLabels("param", params);
      await change(id, (tx) => setLabels(tx, "tracking_params", id, params));
    },
  };
}
