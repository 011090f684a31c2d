import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindService } from "../use/describe-service.ts";
import { mustFindImage, standingImage } from "../use/get-image.ts";
import type { UsePorts } from "../use/ports.ts";
import { type StoredRevision, type StoredService, selectRevisions } from "../use/rows.ts";
import { differencesOf } from "./differences.ts";
import { moveTo, result } from "./update-service.ts";

/** A dry run only looks: it waits for nobody, and nobody is refused because of it. */
export const rollBackService =
  (ports: UsePorts): Handler<"rollBackService"> =>
  async ({ name, to, dryRun, reason = null }, context) => {
    if (dryRun) return result(ports, name, false, (await planOf(ports, name, to)).differences);
    return ports.locks.hold(name, `rollback by ${context.actor.name}`, async () =>
      moveTo(ports, { ...(await planOf(ports, name, to)), action: "roll-back", reason }, context),
    );
  };

/** What a rollback would put in place, and how that differs from what serves. */
async function planOf(ports: UsePorts, name: string, to: number | undefined) {
  const service = await mustFindService(ports.db, name);
  if (service.wanted === "stopped") throw new ModelyardError("service-stopped", { service: name });
  const { image, settings } = await chooseRevision(ports, service, to);
  const [before, after] = [await mustFindImage(ports.db, service.image), await standingImage(ports, image)];
  const differences = differencesOf(
    { input: before.input, image: before.digest, settings: service.settings },
    { input: after.input, image: after.digest, settings },
  );
  return { service, image, settings, differences };
}

/**
 * The revision to go back to: the one named, else the one that served last before the current one. Failed ones never served, and
 * those from before the service was made again under its name belong to another service.
 */
async function chooseRevision(
  { db }: Pick<UsePorts, "db">,
  { name, createdAt }: StoredService,
  to: number | undefined,
): Promise<StoredRevision> {
  const served = (await selectRevisions(db, ["active", "retired"], name)).filter((one) => one.createdAt >= createdAt);
  if (to === undefined) {
    const previous = served.filter((one) => one.state === "retired").at(-1);
    if (previous === undefined) throw new ModelyardError("nothing-to-roll-back", { service: name });
    return previous;
  }
  const found = served.find((one) => one.revision === to);
  if (found === undefined) throw new ModelyardError("revision-not-found", { service: name, revision: to });
  return found;
}
