import type { Handler } from "../contract/operations.ts";
import { audited } from "./audit.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { deleteServiceRow } from "./rows.ts";

export const deleteService =
  (ports: UsePorts): Handler<"deleteService"> =>
  ({ name }, { actor }) =>
    ports.locks.hold(name, `delete by ${actor.name}`, async () => {
      const { revision } = await mustFindService(ports.db, name);
      return audited(ports, name, { action: "delete", by: actor.name, reason: null, differences: [] }, async () => {
        await ports.db.transaction((tx) => deleteServiceRow(tx, name));
        await reconcile(ports).catch((error) =>
          ports.log.warn(
            { service: name, reason: String(error) },
            "the target will drop the service when it answers again",
          ),
        );
        return { revision, result: { name } };
      });
    });
