import type { Handler } from "../contract/operations.ts";
import { changeService, endChange } from "./change-service.ts";
import { emitServiceEvent } from "./emit-service-event.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { deleteServiceRow } from "./rows.ts";
import { noteServing } from "./served/note-serving.ts";

export const deleteService =
  (ports: UsePorts): Handler<"deleteService"> =>
  async ({ name }, { actor }) => {
    const change = { action: "delete", by: actor.name } as const;
    if ((await endChange(ports, name, change)) !== undefined) return { name };
    return changeService(ports, name, change, async () => {
      await ports.db.transaction(async (tx) => {
        const at = ports.clock.now();
        await noteServing(tx, name, { at, by: actor.name, serves: false });
        await deleteServiceRow(tx, name);
        await emitServiceEvent(tx, "modelyard.service.deleted", { service: name, by: actor.name, at });
      });
      await reconcile(ports).catch((error) =>
        ports.log.warn(
          { service: name, reason: String(error) },
          "the target will drop the service when it answers again",
        ),
      );
      return { name };
    });
  };
