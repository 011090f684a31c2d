import { matchesType } from "../contract/events.ts";
import { uuid7 } from "../kernel/ids.ts";
import { isKnownToMlflow } from "./mlflow-payload.ts";
import type { EventsPorts } from "./ports.ts";
import { insertDelivery } from "./rows/deliveries.ts";
import { outboxEnds, type StoredEvent, selectEvents } from "./rows/events.ts";
import { findWebhook, namesOfModel, type StoredWebhook, selectActiveWebhooks, setPosition } from "./rows/webhooks.ts";

const step = 500;

/** Queues for every active webhook the events after its position that it asks for. */
export async function fanOut({ db, clock }: Pick<EventsPorts, "db" | "clock">): Promise<void> {
  const webhooks = await selectActiveWebhooks(db);
  if (webhooks.length === 0) return;
  const { newest } = await outboxEnds(db);
  for (const { id, position } of webhooks)
    for (let reached = position; reached < newest; ) reached = await fanOutStep({ db, clock }, id, newest);
}

/** Queues some events and moves the position in the same transaction: none is queued twice, none is passed over. Gives the new position. */
function fanOutStep({ db, clock }: Pick<EventsPorts, "db" | "clock">, id: string, newest: number): Promise<number> {
  return db.transaction(async (tx) => {
    const webhook = await findWebhook(tx, id);
    if (webhook?.status !== "active") return newest;
    const events = await selectEvents(tx, { after: webhook.position, types: [], limit: step });
    const now = clock.now();
    const streams =
      webhook.model === null ? null : (await namesOfModel(tx, webhook.model)).map((name) => `models/${name}`);
    for (const event of events)
      if (wants(webhook, streams, event))
        await insertDelivery(tx, { id: uuid7(now), webhook: id, sequence: event.sequence, stream: event.stream }, now);
    const position = events.at(-1)?.sequence ?? newest;
    await setPosition(tx, id, position);
    return position;
  });
}

/** Whether a webhook asks for an event; `streams` are those of its model, null for all but its own. */
function wants(
  { id, events, format }: StoredWebhook,
  streams: readonly string[] | null,
  { type, stream }: StoredEvent,
): boolean {
  if (format === "mlflow" && !isKnownToMlflow(type)) return false;
  return matchesType(events, type) && (streams?.includes(stream) ?? stream !== `webhooks/${id}`);
}
