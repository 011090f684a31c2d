import { ModelyardError } from "../contract/errors.ts";
import { wholeType } from "../contract/events.ts";
import type { Handler } from "../contract/operations.ts";
import { uuid7 } from "../kernel/ids.ts";
import { mustFindWebhook } from "./describe-webhook.ts";
import { messageOf } from "./message.ts";
import { isKnownToMlflow } from "./mlflow-payload.ts";
import type { EventsPorts } from "./ports.ts";
import { transmit } from "./transmit.ts";

/** Sends an event that is in no list: its sequence is 0. */
export const testWebhook =
  (ports: EventsPorts): Handler<"testWebhook"> =>
  async ({ id, type }, { actor }) => {
    const webhook = await mustFindWebhook(ports.db, id);
    const given = wholeType(type ?? (webhook.format === "mlflow" ? "model.created" : "webhook.tested"));
    if (webhook.format === "mlflow" && !isKnownToMlflow(given))
      throw new ModelyardError("invalid-input", { problems: `type: MLflow has no event for ${given}` });
    const now = ports.clock.now();
    const event = {
      ...{ sequence: 0, id: uuid7(now), type: given, subject: subjectOf(given, id), at: now, actor: actor.name },
      data: exampleOf(given),
    };
    return transmit(ports, webhook.url, messageOf(webhook, event, uuid7(now), { source: ports.source(), now }));
  };

/** What such an event could tell. */
const exampleOf = (type: string): Record<string, unknown> =>
  type.startsWith("modelyard.alert.")
    ? { test: true, alert: "example", service: "example", when: "p95 > 200ms for 5m", text: "this is a test" }
    : { test: true, name: "example", version: 1, key: "example", value: "example", alias: "example" };

/** What such an event would be about. */
function subjectOf(type: string, webhook: string): string {
  const noun = type.split(".")[1] ?? "";
  const subjects: Record<string, string> = {
    model: "models/example",
    alias: "models/example",
    version: "models/example/versions/1",
    webhook: `webhooks/${webhook}`,
  };
  return subjects[noun] ?? `${noun}s/example`;
}
