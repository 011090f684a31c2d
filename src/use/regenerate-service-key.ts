import type { Handler } from "../contract/operations.ts";
import { newSecret } from "../kernel/ids.ts";
import { audited } from "./audit.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { setKey } from "./rows.ts";

export const regenerateServiceKey =
  (ports: UsePorts): Handler<"regenerateServiceKey"> =>
  async ({ name, key }, { actor }) => {
    const { revision } = await mustFindService(ports.db, name);
    const differences = [{ what: `${key} key`, from: null, to: null }];
    return audited(ports, name, { action: "regenerate-key", by: actor.name, reason: null, differences }, async () => {
      await ports.db.transaction((tx) => setKey(tx, name, key, newServiceKey()));
      await reconcile(ports);
      return { revision, result: (await mustFindService(ports.db, name)).keys };
    });
  };

export const newServiceKey = (): string => newSecret("mk");
