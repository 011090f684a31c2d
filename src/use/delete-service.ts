import type { Handler } from "../contract/operations.ts";
import { changeService } from "./change-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { deleteServiceRow } from "./rows.ts";

export const deleteService =
  (ports: UsePorts): Handler<"deleteService"> =>
  ({ name }, { actor }) =>
    changeService(ports, name, { action: "delete", by: actor.name }, async () => {
      await ports.db.transaction((tx) => deleteServiceRow(tx, name));
      await reconcile(ports).catch((error) =>
        ports.log.warn(
          { service: name, reason: String(error) },
          "the target will drop the service when it answers again",
        ),
      );
      return { name };
    });
