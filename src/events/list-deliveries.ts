import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { mustFindWebhook } from "./describe-webhook.ts";
import type { EventsPorts } from "./ports.ts";
import { selectDeliveries } from "./rows/deliveries.ts";

export const listDeliveries =
  ({ db }: Pick<EventsPorts, "db">): Handler<"listDeliveries"> =>
  async ({ id, status, pageSize, pageToken }) => {
    const { id: webhook } = await mustFindWebhook(db, id);
    const last = decodePageToken(pageToken, 1)?.[0];
    const before = last === undefined ? undefined : Number(last);
    return pageOf(
      await selectDeliveries(db, webhook, { status, limit: pageSize + 1, before }),
      pageSize,
      ({ number }) => [number],
      ({ number: _, ...delivery }) => delivery,
    );
  };
