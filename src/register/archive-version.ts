import type { Handler } from "../contract/operations.ts";
import { mustFindListed } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { changeVersion } from "./rows/versions.ts";

/** A service that runs the version goes on; twice is as once. */
export const archiveVersion =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"archiveVersion"> =>
  ({ name, version }, { actor }) =>
    db.transaction(async (tx) => {
      const before = await mustFindListed(tx, { name, version });
      if (before.archivedAt !== null) return before;
      const at = clock.now();
      await changeVersion(tx, name, version, { archived_at: at });
      const change = { type: "modelyard.version.archived", name, version, data: {} } as const;
      await recordChange(tx, change, { by: actor.name, at });
      return mustFindListed(tx, { name, version });
    });
