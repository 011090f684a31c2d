import type { Handler } from "../contract/operations.ts";
import { audited } from "./audit.ts";
import { describeNow, mustFindService, withoutReplicas } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { setWanted } from "./rows.ts";

export const stopService =
  (ports: UsePorts): Handler<"stopService"> =>
  ({ name }, { actor }) =>
    ports.locks.hold(name, `stop by ${actor.name}`, async () => {
      const { revision } = await mustFindService(ports.db, name);
      return audited(ports, name, { action: "stop", by: actor.name, reason: null, differences: [] }, async () => {
        await ports.db.transaction((tx) => setWanted(tx, name, "stopped", ports.clock.now()));
        await reconcile(ports);
        return { revision, result: withoutReplicas(await describeNow(ports, name)) };
      });
    });
