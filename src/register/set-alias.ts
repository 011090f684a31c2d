import { ModelyardError } from "../contract/errors.ts";
import { roleIncludes } from "../contract/operation.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindModel } from "./find-model.ts";
import { mustFindListed } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { refuseProtected } from "./protected-aliases.ts";
import { recordChange } from "./record-change.ts";
import { findAlias, putAlias } from "./rows/aliases.ts";

/** The alias moves in one step. What a service runs does not change: it holds the version that was resolved when it was deployed. */
export const setAlias =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"setAlias"> =>
  ({ name, alias, version, protect }, { actor }) =>
    db.transaction(async (tx) => {
      await mustFindModel(tx, name);
      await mustFindListed(tx, { name, version });
      const before = await findAlias(tx, name, alias);
      refuseProtected(name, before === undefined ? [] : [before], actor.role);
      if (protect !== undefined && !roleIncludes(actor.role, "admin"))
        throw new ModelyardError("forbidden", { role: actor.role, operation: "set-alias protect", needed: "admin" });
      const next = { alias, version, protected: protect ?? before?.protected ?? false };
      const answer = { name, ...next, before: before?.version ?? null };
      if (before?.version === version && before.protected === next.protected) return answer;
      const at = clock.now();
      await putAlias(tx, name, next, at);
      const data = { alias, version, before: answer.before, protected: next.protected };
      await recordChange(tx, { type: "modelyard.alias.set", name, data }, { by: actor.name, at });
      return answer;
    });
