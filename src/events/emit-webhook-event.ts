import type { EventType } from "../contract/events.ts";
import type { Db } from "../kernel/db.ts";
import { emit } from "../kernel/outbox.ts";

/** Tells a change of a webhook, in its transaction. URL and secret stay out: readers see events, only admins see webhooks. */
export function emitWebhookEvent(
  tx: Db,
  type: Extract<EventType, `modelyard.webhook.${string}`>,
  { by, at, ...data }: { id: string; name: string; changed?: string[]; by: string; at: number },
): Promise<void> {
  return emit(tx, { type, subject: `webhooks/${data.id}`, data, actor: by, at });
}
