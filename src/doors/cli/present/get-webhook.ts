import type { Presenter } from "./presenter.ts";
import { webhookText } from "./webhook-text.ts";

export const getWebhook: Presenter<"getWebhook"> = (webhook, { now }) => ({
  data: webhookText(webhook, now),
  talk: `See what was sent: modelyard webhook deliveries ${webhook.id}`,
});
