import type { Presenter } from "./presenter.ts";
import { webhookText } from "./webhook-text.ts";

export const updateWebhook: Presenter<"updateWebhook"> = (webhook, { now }) => ({ data: webhookText(webhook, now) });
