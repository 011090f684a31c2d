import type { Handler } from "../contract/operations.ts";
import { mustFindListed } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { changeVersion } from "./rows/versions.ts";

export const restoreVersion =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"restoreVersion"> =>
  ({ name, version }, { actor }) =>
    db.transaction(async (tx) => {
      const before = await mustFindListed(tx, { name, version });
      if (before.archivedAt === null) return before;
      await changeVersion(tx, name, version, { archived_at: null });
      const change = { type: "modelyard.version.restored", name, version, data: {} } as const;
      await recordChange(tx, change, { by: actor.name, at: clock.now() });
      return mustFindListed(tx, { name, version });
    });
