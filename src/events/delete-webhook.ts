import type { Handler } from "../contract/operations.ts";
import { mustFindWebhook } from "./describe-webhook.ts";
import { emitWebhookEvent } from "./emit-webhook-event.ts";
import type { EventsPorts } from "./ports.ts";
import { removeWebhook } from "./rows/webhooks.ts";

export const deleteWebhook =
  ({ db, clock }: Pick<EventsPorts, "db" | "clock">): Handler<"deleteWebhook"> =>
  ({ id }, { actor }) =>
    db.transaction(async (tx) => {
      const { name } = await mustFindWebhook(tx, id);
      await removeWebhook(tx, id);
      await emitWebhookEvent(tx, "modelyard.webhook.deleted", { id, name, by: actor.name, at: clock.now() });
      return { id, name };
    });
