import type { Handler } from "../contract/operations.ts";
import { changeService } from "./change-service.ts";
import { describeNow, withoutReplicas } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { waitForService } from "./roll-out.ts";
import { setWanted } from "./rows.ts";

export const startService =
  (ports: UsePorts): Handler<"startService"> =>
  ({ name }, { actor }) =>
    changeService(ports, name, { action: "start", by: actor.name }, async () => {
      await ports.db.transaction((tx) => setWanted(tx, name, "running", ports.clock.now()));
      await reconcile(ports);
      await waitForService(ports, name);
      return withoutReplicas(await describeNow(ports, name));
    });
