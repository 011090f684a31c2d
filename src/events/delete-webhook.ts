import type { Handler } from "../contract/operations.ts";
import { mustFindWebhook } from "./describe-webhook.ts";
import type { EventsPorts } from "./ports.ts";
import { removeWebhook } from "./rows/webhooks.ts";

export const deleteWebhook =
  ({ db }: Pick<EventsPorts, "db">): Handler<"deleteWebhook"> =>
  async ({ id }) => {
    const { name } = await mustFindWebhook(db, id);
    await db.transaction((tx) => removeWebhook(tx, id));
    return { id, name };
  };
