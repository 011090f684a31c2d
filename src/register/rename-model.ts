import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindModel } from "./find-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { findModelRow, renameModelRows } from "./rows/models.ts";

/**
 * Services keep running: they hold images, which do not change. A name that another model had is refused, because records and
 * history name its versions; a model may take back a name of its own.
 */
export const renameModel =
  ({ db, clock, uses }: Pick<RegisterPorts, "db" | "clock" | "uses">): Handler<"renameModel"> =>
  ({ name, newName }, { actor }) =>
    db.transaction(async (tx) => {
      await mustFindModel(tx, name);
      const [row, taken] = [await findModelRow(tx, name), await findModelRow(tx, newName)];
      if (taken?.deleted_at === null) throw new ModelyardError("model-exists", { model: newName });
      if (taken !== undefined && taken.id !== row?.id && taken.last_version > 0)
        throw new ModelyardError("model-name-used", { model: newName });
      const at = clock.now();
      await renameModelRows(tx, name, newName, at, () => uses.renameModel(tx, name, newName));
      const change = { type: "modelyard.model.updated", name: newName, data: { renamedFrom: name } } as const;
      await recordChange(tx, change, { by: actor.name, at });
      return mustFindModel(tx, newName);
    });
