import type { Handler } from "../contract/operations.ts";
import { newSecret } from "../kernel/ids.ts";
import { changeService } from "./change-service.ts";
import { mustFindService } from "./describe-service.ts";
import { emitServiceEvent } from "./emit-service-event.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { setKey } from "./rows.ts";

export const regenerateServiceKey =
  (ports: UsePorts): Handler<"regenerateServiceKey"> =>
  ({ name, key }, { actor }) => {
    const differences = [{ what: `${key} key`, from: null, to: null }];
    return changeService(ports, name, { action: "regenerate-key", by: actor.name, differences }, async () => {
      await ports.db.transaction(async (tx) => {
        await setKey(tx, name, key, newServiceKey());
        const told = { service: name, by: actor.name, at: ports.clock.now(), key };
        await emitServiceEvent(tx, "modelyard.service.key-regenerated", told);
      });
      await reconcile(ports);
      return (await mustFindService(ports.db, name)).keys;
    });
  };

export const newServiceKey = (): string => newSecret("mk");
