import type { Handler } from "../contract/operations.ts";
import { checkReceiver } from "./check-receiver.ts";
import { describeWebhook, mustFindWebhook } from "./describe-webhook.ts";
import { emitWebhookEvent } from "./emit-webhook-event.ts";
import type { EventsPorts } from "./ports.ts";
import { retryNow } from "./rows/deliveries.ts";
import { outboxEnds } from "./rows/events.ts";
import { changeWebhook } from "./rows/webhooks.ts";

export const updateWebhook =
  (ports: EventsPorts): Handler<"updateWebhook"> =>
  async ({ id, from, ...changes }, { actor }) => {
    const { db, clock } = ports;
    const before = await mustFindWebhook(db, id);
    if (changes.url !== undefined) await checkReceiver(ports, changes.url);
    const now = clock.now();
    await db.transaction(async (tx) => {
      const position = from === undefined ? undefined : Math.min(from, (await outboxEnds(tx)).newest);
      await changeWebhook(tx, id, { ...changes, position }, now);
      const given = Object.entries({ ...changes, from }).filter(([, value]) => value !== undefined);
      const told = { id, name: changes.name ?? before.name, changed: given.map(([member]) => member) };
      if (given.length > 0)
        await emitWebhookEvent(tx, "modelyard.webhook.updated", { ...told, by: actor.name, at: now });
      const resumed = changes.status === "active" && before.status === "disabled";
      if (resumed || changes.url !== undefined) await retryNow(tx, id, now);
    });
    return describeWebhook(db, await mustFindWebhook(db, id));
  };
