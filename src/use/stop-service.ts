import type { Handler } from "../contract/operations.ts";
import { changeService, endChange } from "./change-service.ts";
import { describeNow, withoutReplicas } from "./describe-service.ts";
import { emitServiceEvent } from "./emit-service-event.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { setWanted } from "./rows.ts";
import { noteServing } from "./served/note-serving.ts";

export const stopService =
  (ports: UsePorts): Handler<"stopService"> =>
  async ({ name }, { actor }) => {
    const change = { action: "stop", by: actor.name } as const;
    const ended = await endChange(ports, name, change);
    if (ended !== undefined) throw ended; // there is no service to stop any more
    return changeService(ports, name, change, async ({ wanted }) => {
      const at = ports.clock.now();
      await ports.db.transaction(async (tx) => {
        await setWanted(tx, name, "stopped", at);
        await noteServing(tx, name, { at, by: actor.name, serves: false });
        if (wanted !== "stopped")
          await emitServiceEvent(tx, "modelyard.service.stopped", { service: name, by: actor.name, at });
      });
      await reconcile(ports);
      return withoutReplicas(await describeNow(ports, name));
    });
  };
