import type { Handler } from "../contract/operations.ts";
import { audited } from "./audit.ts";
import { describeNow, mustFindService, withoutReplicas } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { waitForService } from "./roll-out.ts";
import { setWanted } from "./rows.ts";

export const startService =
  (ports: UsePorts): Handler<"startService"> =>
  ({ name }, { actor }) =>
    ports.locks.hold(name, `start by ${actor.name}`, async () => {
      const { revision } = await mustFindService(ports.db, name);
      return audited(ports, name, { action: "start", by: actor.name, reason: null, differences: [] }, async () => {
        await ports.db.transaction((tx) => setWanted(tx, name, "running", ports.clock.now()));
        await reconcile(ports);
        await waitForService(ports, name);
        return { revision, result: withoutReplicas(await describeNow(ports, name)) };
      });
    });
