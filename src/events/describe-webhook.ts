import { ModelyardError } from "../contract/errors.ts";
import type { Webhook } from "../contract/webhooks.ts";
import type { Db } from "../kernel/db.ts";
import { countDeliveries } from "./rows/deliveries.ts";
import { findWebhook, type StoredWebhook } from "./rows/webhooks.ts";

export async function mustFindWebhook(db: Db, id: string): Promise<StoredWebhook> {
  const webhook = await findWebhook(db, id);
  if (webhook === undefined) throw new ModelyardError("webhook-not-found", { id });
  return webhook;
}

/** A webhook as operations answer it: without its secret, with what waits for it. */
export async function describeWebhook(db: Db, { secret: _, ...webhook }: StoredWebhook): Promise<Webhook> {
  return { ...webhook, ...(await countDeliveries(db, webhook.id)) };
}
