import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import { mustBeMonitored } from "../monitored-services.ts";
import { deleteBaseline } from "./rows.ts";

export const removeBaseline =
  ({ db, clock }: { db: Db; clock: Clock }): Handler<"removeBaseline"> =>
  async ({ service }, { actor }) => {
    await db.transaction(async (tx) => {
      await mustBeMonitored(tx, service);
      const inputs = await deleteBaseline(tx, { service }, "inputs");
      const predictions = await deleteBaseline(tx, { service }, "predictions");
      if (!inputs && !predictions) throw new ModelyardError("baseline-not-found", { service });
      const about = { subject: `services/${service}`, actor: actor.name, at: clock.now() };
      await emit(tx, { ...about, type: "modelyard.baseline.removed", data: { service } });
    });
    return { service };
  };
