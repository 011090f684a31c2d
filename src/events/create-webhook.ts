import type { Handler } from "../contract/operations.ts";
import { newSecret, uuid7 } from "../kernel/ids.ts";
import { checkReceiver } from "./check-receiver.ts";
import { describeWebhook } from "./describe-webhook.ts";
import { emitWebhookEvent } from "./emit-webhook-event.ts";
import type { EventsPorts } from "./ports.ts";
import { outboxEnds } from "./rows/events.ts";
import { insertWebhook } from "./rows/webhooks.ts";

export const createWebhook =
  (ports: EventsPorts): Handler<"createWebhook"> =>
  async ({ name, description = null, url, events, model = null, format, from, ...input }, { actor }) => {
    const { db, clock } = ports;
    await checkReceiver(ports, url);
    const now = clock.now();
    const secret = input.secret ?? newSecret("whsec");
    const id = uuid7(now);
    const webhook = await db.transaction(async (tx) => {
      await emitWebhookEvent(tx, "modelyard.webhook.created", { id, name, by: actor.name, at: now });
      const { newest } = await outboxEnds(tx);
      const position = Math.min(from ?? newest, newest);
      const made = {
        ...{ id, name, description, url, events, model, format, secret, position },
        ...{ status: "active" as const, createdAt: now, createdBy: actor.name, updatedAt: now },
      };
      await insertWebhook(tx, made);
      return made;
    });
    return { ...(await describeWebhook(db, webhook)), secret };
  };
