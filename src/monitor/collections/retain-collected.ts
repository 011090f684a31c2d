import type { MonitorPorts } from "../ports.ts";
import { deleteOldEntries } from "./rows.ts";

const keptDays = 30;
const step = 500;

/** Deletes what was collected more than 30 days ago, in small steps so that nothing else waits long. Run hourly. */
export async function retainCollected({ db, clock }: Pick<MonitorPorts, "db" | "clock">): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await deleteOldEntries(db, clock.now() - keptDays * 86_400_000, step);
    if (count === 0) return deleted;
    deleted += count;
  }
}
