import { ModelyardError } from "../../../contract/errors.ts";
import type { Experiment, Tracking } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import { checkKeys, checkLabels } from "../labels/check-labels.ts";
import { removeLabel, setLabels } from "../labels/rows.ts";
import type { TrackingPorts } from "../ports.ts";
import { experimentEntity } from "../search/entity.ts";
import { searchIds } from "../search/rows.ts";
import { insertExperiment, selectExperiments, updateExperiment } from "./rows.ts";

/** An experiment, deleted or not; an unknown one is experiment-not-found. */
async function mustFindExperiment(db: Db, id: string): Promise<Experiment> {
  const [found] = await selectExperiments(db, "id", [id]);
  if (found === undefined) throw new ModelyardError("experiment-not-found", { experiment: id });
  return found;
}

/** An experiment that takes new runs and models. */
export async function mustFindActiveExperiment(db: Db, id: string): Promise<Experiment> {
  const found = await mustFindExperiment(db, id);
  if (found.lifecycle !== "active")
    throw new ModelyardError("invalid-input", {
      problems: `The experiment ${id} must be in the 'active' state. Current state is deleted.`,
    });
  return found;
}

function checkName(name: string): void {
  if (name.length > 500)
    throw new ModelyardError("invalid-input", { problems: "The name of an experiment has at most 500 characters" });
}

export function makeExperiments({ db, clock }: TrackingPorts): Tracking["experiments"] {
  const change = (id: string, work: (tx: Db, found: Experiment) => Promise<void>) =>
    db.transaction(async (tx) => {
      await work(tx, await mustFindExperiment(tx, id));
      await updateExperiment(tx, id, { at: clock.now() });
    });
  return {
    async create({ name, artifactLocation, tags }) {
      checkName(name);
      checkLabels("experiment tag", tags);
      return db.transaction(async (tx) => {
        const id = await insertExperiment(tx, { name, artifactLocation, at: clock.now() });
        if (id === null) throw new ModelyardError("experiment-exists", { experiment: name });
        await setLabels(tx, "tracking_tags", id, tags);
        return id;
      });
    },
    get: (id) => mustFindExperiment(db, id),
    async getByName(name) {
      const [found] = await selectExperiments(db, "name", [name]);
      if (found === undefined) throw new ModelyardError("experiment-not-found", { experiment: name });
      return found;
    },
    async search({ view, ...input }) {
      const { ids, nextPageToken } = await searchIds(db, experimentEntity, input, {
        equal: view === "all" ? {} : { lifecycle: view },
        defaultOrder: "e.created_at desc, cast(e.id as integer) desc",
      });
      return { items: await selectExperiments(db, "id", ids), nextPageToken };
    },
    async rename(id, name) {
      checkName(name);
      await change(id, async (tx, found) => {
        const [taken] = await selectExperiments(tx, "name", [name]);
        if (taken !== undefined && taken.id !== found.id)
          throw new ModelyardError("experiment-exists", { experiment: name });
        await mustFindActiveExperiment(tx, id);
        await updateExperiment(tx, id, { name, at: clock.now() });
      });
    },
    setLifecycle: (id, lifecycle) => change(id, (tx) => updateExperiment(tx, id, { lifecycle, at: clock.now() })),
    setTag: async (id, key, value) => {
      checkLabels("experiment tag", { [key]: value });
      await change(id, (tx) => setLabels(tx, "tracking_tags", id, { [key]: value }));
    },
    removeTag: async (id, key) => {
      checkKeys("experiment tag", [key]);
      await change(id, async (tx) => {
        if (!(await removeLabel(tx, "tracking_tags", id, key)))
          throw new ModelyardError("tag-not-found", { tag: key, owner: `experiment ${id}` });
      });
    },
  };
}
