import type { Handler } from "../contract/operations.ts";
import { describeWebhook, mustFindWebhook } from "./describe-webhook.ts";
import type { EventsPorts } from "./ports.ts";

export const getWebhook =
  ({ db }: Pick<EventsPorts, "db">): Handler<"getWebhook"> =>
  async ({ id }) =>
    describeWebhook(db, await mustFindWebhook(db, id));
