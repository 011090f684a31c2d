import type { Handler } from "../contract/operations.ts";
import { changeService } from "./change-service.ts";
import { describeNow, withoutReplicas } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { setWanted } from "./rows.ts";

export const stopService =
  (ports: UsePorts): Handler<"stopService"> =>
  ({ name }, { actor }) =>
    changeService(ports, name, { action: "stop", by: actor.name }, async () => {
      await ports.db.transaction((tx) => setWanted(tx, name, "stopped", ports.clock.now()));
      await reconcile(ports);
      return withoutReplicas(await describeNow(ports, name));
    });
