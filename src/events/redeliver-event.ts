import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { uuid7 } from "../kernel/ids.ts";
import { mustFindWebhook } from "./describe-webhook.ts";
import { isKnownToMlflow } from "./mlflow-payload.ts";
import type { EventsPorts } from "./ports.ts";
import { findDelivery, insertDelivery } from "./rows/deliveries.ts";
import { findEvent, findEventOf } from "./rows/events.ts";

/** A new delivery of an old event, behind what waits in its stream. The event keeps its id, by which a receiver knows it. */
export const redeliverEvent =
  ({ db, clock }: Pick<EventsPorts, "db" | "clock">): Handler<"redeliverEvent"> =>
  ({ id: webhook, event }) =>
    db.transaction(async (tx) => {
      const { format } = await mustFindWebhook(tx, webhook);
      const found = await findEventOf(tx, webhook, event);
      if (found === undefined) throw new ModelyardError("event-not-found", { event });
      const type = (await findEvent(tx, found.sequence))?.type ?? "";
      if (format === "mlflow" && !isKnownToMlflow(type))
        throw new ModelyardError("invalid-input", { problems: `event: MLflow has no event for ${type}` });
      const now = clock.now();
      const id = uuid7(now);
      await insertDelivery(tx, { id, webhook, ...found }, now);
      return findDelivery(tx, id);
    });
