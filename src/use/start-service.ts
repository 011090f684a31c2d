import type { Handler } from "../contract/operations.ts";
import { changeService } from "./change-service.ts";
import { describeNow, withoutReplicas } from "./describe-service.ts";
import { emitServiceEvent } from "./emit-service-event.ts";
import { standingImage } from "./get-image.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { waitForService } from "./roll-out.ts";
import { setWanted } from "./rows.ts";
import { noteServing } from "./served/note-serving.ts";

export const startService =
  (ports: UsePorts): Handler<"startService"> =>
  ({ name }, { actor, progress }) =>
    changeService(ports, name, { action: "start", by: actor.name }, async ({ wanted, image }) => {
      await standingImage(ports, image);
      const at = ports.clock.now();
      await ports.db.transaction(async (tx) => {
        await setWanted(tx, name, "running", at);
        if (wanted === "running") return;
        await noteServing(tx, name, { at, by: actor.name, serves: true });
        await emitServiceEvent(tx, "modelyard.service.started", { service: name, by: actor.name, at });
      });
      // a revision the host has given up starts again only when it was gone in between
      if ((await describeNow(ports, name)).state === "failed") await reconcile(ports, { without: name });
      await reconcile(ports);
      await waitForService(ports, name, progress);
      return withoutReplicas(await describeNow(ports, name));
    });
