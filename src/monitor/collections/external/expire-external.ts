import { countDrops } from "../../collect/rows/drops.ts";
import type { MonitorPorts } from "../../ports.ts";
import { expireEvents, forgetEvents } from "./rows.ts";

/** How long a request waits for its answer, or an answer for its request. */
const waitMs = 10 * 60_000;
const keptDays = 30;
const step = 500;

/** Gives up on requests without an answer and answers without a request, and counts them; forgets the ids of old ones. Run every minute. */
export async function expireExternal({ db, clock }: Pick<MonitorPorts, "db" | "clock">): Promise<void> {
  for (let more = true; more; ) {
    more = await db.transaction(async (tx) => {
      const { requests, responses } = await expireEvents(tx, clock.now() - waitMs, step);
      if (requests > 0) await countDrops(tx, { "no-response": requests });
      if (responses > 0) await countDrops(tx, { "no-request": responses });
      return requests + responses === step;
    });
  }
  await forgetEvents(db, clock.now() - keptDays * 86_400_000);
}
