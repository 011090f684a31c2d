import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindModel } from "./find-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { refuseProtected } from "./protected-aliases.ts";
import { recordChange } from "./record-change.ts";
import { findAlias, removeAlias } from "./rows/aliases.ts";

export const deleteAlias =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"deleteAlias"> =>
  ({ name, alias }, { actor }) =>
    db.transaction(async (tx) => {
      await mustFindModel(tx, name);
      const before = await findAlias(tx, name, alias);
      if (before === undefined) throw new ModelyardError("alias-not-found", { model: name, alias });
      refuseProtected(name, [before], actor.role);
      await removeAlias(tx, name, alias);
      const { version } = before;
      const change = { type: "modelyard.alias.removed", name, data: { alias, version } } as const;
      await recordChange(tx, change, { by: actor.name, at: clock.now() });
      return { name, alias, version };
    });
