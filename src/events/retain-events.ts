import { spanMs } from "../kernel/time-spans.ts";
import type { EventsPorts } from "./ports.ts";
import { promote, trimDeliveries } from "./rows/deliveries.ts";
import { deleteOldEvents } from "./rows/events.ts";
import { selectWebhooks } from "./rows/webhooks.ts";

const eventsKeptMs = spanMs("90d");
const deliveriesKeptMs = spanMs("30d");
const deliveriesKept = 10_000;
const step = 1000;

/**
 * Bounds what is kept: events for 90 days, of every webhook's log the last 10,000 ended deliveries of 30 days. In small steps, so
 * that nothing else waits long. Run hourly.
 */
export async function retainEvents({ db, clock }: Pick<EventsPorts, "db" | "clock">): Promise<void> {
  const now = clock.now();
  for (let deleted = step; deleted === step; )
    deleted = await db.transaction(async (tx) => {
      const count = await deleteOldEvents(tx, now - eventsKeptMs, step);
      // a paused webhook may lose the first pending delivery of a stream here: the next one takes its place
      if (count > 0) await promote(tx, now);
      return count;
    });
  for (const { id } of await selectWebhooks(db, Number.MAX_SAFE_INTEGER))
    await db.transaction((tx) => trimDeliveries(tx, id, deliveriesKept, now - deliveriesKeptMs));
}
