import type { Webhook } from "../../../contract/webhooks.ts";
import { fields, timeText } from "./text.ts";

/** A webhook for people. */
export const webhookText = (webhook: Webhook, now: number): string =>
  fields([
    ["Id", webhook.id],
    ["Name", webhook.name],
    ["Description", webhook.description],
    ["URL", webhook.url],
    ["Status", webhook.status],
    ["Format", webhook.format],
    ["Events", webhook.events.join(" ") || "all"],
    ["Model", webhook.model],
    ["Position", webhook.position],
    ["Pending", webhook.pending],
    ["Dead", webhook.dead],
    ["Made", `${timeText(webhook.createdAt, now)} by ${webhook.createdBy}`],
  ]);
