import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { describeWebhook } from "./describe-webhook.ts";
import type { EventsPorts } from "./ports.ts";
import { selectWebhooks } from "./rows/webhooks.ts";

export const listWebhooks =
  ({ db }: Pick<EventsPorts, "db">): Handler<"listWebhooks"> =>
  async ({ pageSize, pageToken }) => {
    const rows = await selectWebhooks(db, pageSize + 1, decodePageToken(pageToken, 1)?.[0]?.toString());
    const page = pageOf(
      rows,
      pageSize,
      (webhook) => [webhook.id],
      (webhook) => webhook,
    );
    return { ...page, items: await Promise.all(page.items.map((webhook) => describeWebhook(db, webhook))) };
  };
