import { createHmac } from "node:crypto";
import { cloudEvent } from "./cloud-event.ts";
import { mlflowPayload } from "./mlflow-payload.ts";
import type { StoredEvent } from "./rows/events.ts";
import type { StoredWebhook } from "./rows/webhooks.ts";
import { slackPayload } from "./slack-payload.ts";
import { teamsPayload } from "./teams-payload.ts";

/** What one delivery posts. */
export interface Message {
  headers: Record<string, string>;
  body: string;
}

const forms = {
  cloudevents: { header: "X-Modelyard", type: "application/cloudevents+json" },
  mlflow: { header: "X-MLflow", type: "application/json" },
  slack: { header: "X-Modelyard", type: "application/json" },
  teams: { header: "X-Modelyard", type: "application/json" },
} as const;

function payloadOf(format: StoredWebhook["format"], event: Omit<StoredEvent, "stream">, source: string): unknown {
  switch (format) {
    case "mlflow":
      return mlflowPayload(event);
    case "slack":
      return slackPayload(event);
    case "teams":
      return teamsPayload(event);
    default:
      return cloudEvent(event, source);
  }
}

/**
 * The message of an event in the format of a webhook. It is signed as MLflow signs: `v1,` and the base64 of
 * HMAC-SHA256(secret, "<delivery id>.<unix seconds>.<body>"). `now` is in milliseconds.
 */
export function messageOf(
  { format, secret }: Pick<StoredWebhook, "format" | "secret">,
  event: Omit<StoredEvent, "stream">,
  delivery: string,
  { source, now }: { source: string; now: number },
): Message {
  const body = JSON.stringify(payloadOf(format, event, source));
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac("sha256", secret).update(`${delivery}.${timestamp}.${body}`).digest("base64");
  const { header, type } = forms[format];
  return {
    body,
    headers: {
      "Content-Type": type,
      [`${header}-Delivery-Id`]: delivery,
      [`${header}-Timestamp`]: timestamp,
      [`${header}-Signature`]: `v1,${signature}`,
    },
  };
}
