import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindModel } from "./find-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { ensureModel, setModelTags } from "./rows/models.ts";

export const createModel =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"createModel"> =>
  ({ name, description, tags }, { actor }) =>
    db.transaction(async (tx) => {
      const change = { by: actor.name, at: clock.now() };
      const text = description || null;
      if (!(await ensureModel(tx, { name, description: text, ...change })))
        throw new ModelyardError("model-exists", { model: name });
      await setModelTags(tx, name, tags);
      const data = { description: text, tags };
      await recordChange(tx, { type: "modelyard.model.created", name, data }, change);
      return mustFindModel(tx, name);
    });
