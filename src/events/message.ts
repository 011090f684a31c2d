import { createHmac } from "node:crypto";
import { cloudEvent } from "./cloud-event.ts";
import { mlflowPayload } from "./mlflow-payload.ts";
import type { StoredEvent } from "./rows/events.ts";
import type { StoredWebhook } from "./rows/webhooks.ts";

/** What one delivery posts. */
export interface Message {
  headers: Record<string, string>;
  body: string;
}

const forms = {
  cloudevents: { header: "X-Modelyard", type: "application/cloudevents+json" },
  mlflow: { header: "X-MLflow", type: "application/json" },
} as const;

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
  const body = JSON.stringify(format === "mlflow" ? mlflowPayload(event) : cloudEvent(event, source));
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
