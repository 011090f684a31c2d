import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindService } from "../use/describe-service.ts";
import { mustFindImage } from "../use/get-image.ts";
import type { UsePorts } from "../use/ports.ts";
import { findRevision, type StoredRevision, selectRevisions } from "../use/rows.ts";
import { differencesOf } from "./differences.ts";
import { moveTo } from "./update-service.ts";

export const rollBackService =
  (ports: UsePorts): Handler<"rollBackService"> =>
  ({ name, to, reason = null }, context) =>
    ports.locks.hold(name, `rollback by ${context.actor.name}`, async () => {
      const service = await mustFindService(ports.db, name);
      if (service.wanted === "stopped") throw new ModelyardError("service-stopped", { service: name });
      const { image, settings } = await chooseRevision(ports, name, to);
      const [before, after] = [await mustFindImage(ports.db, service.image), await mustFindImage(ports.db, image)];
      const differences = differencesOf(
        { input: before.input, image: before.digest, settings: service.settings },
        { input: after.input, image: after.digest, settings },
      );
      return moveTo(ports, { service, image, settings, differences, action: "roll-back", reason }, context);
    });

/** The revision to go back to: the one named, else the one that served last before the current one. Failed ones never served. */
async function chooseRevision(
  { db }: Pick<UsePorts, "db">,
  service: string,
  to: number | undefined,
): Promise<StoredRevision> {
  if (to === undefined) {
    const previous = (await selectRevisions(db, ["retired"], service)).at(-1);
    if (previous === undefined) throw new ModelyardError("nothing-to-roll-back", { service });
    return previous;
  }
  const found = await findRevision(db, service, to);
  if (found === undefined || found.state === "failed" || found.state === "candidate")
    throw new ModelyardError("revision-not-found", { service, revision: to });
  return found;
}
