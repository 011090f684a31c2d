import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { UsePorts } from "./ports.ts";
import { findRevision, findService, selectRevisions } from "./rows.ts";

/** Also for revisions that failed and for services whose first revision did: their log is what one wants to read then. */
export const getServiceLogs =
  ({ db, targets }: Pick<UsePorts, "db" | "targets">): Handler<"getServiceLogs"> =>
  async ({ name, revision, tail, requestId }) => {
    const current =
      (await findService(db, name))?.revision ??
      (await selectRevisions(db, ["failed", "retired"], name)).at(-1)?.revision;
    const wanted = revision ?? current;
    if (wanted === undefined) throw new ModelyardError("service-not-found", { service: name });
    const found = await findRevision(db, name, wanted);
    if (found === undefined) throw new ModelyardError("revision-not-found", { service: name, revision: wanted });
    const lines = (await targets[found.settings.target]?.logs(name, wanted, { tail, requestId })) ?? [];
    return { revision: wanted, lines };
  };
