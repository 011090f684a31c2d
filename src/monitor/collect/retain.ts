import type { MonitorPorts } from "../ports.ts";
import { deleteOldRecords } from "./rows/records.ts";

const keptDays = 30;
const step = 1000;

/** Deletes records older than 30 days, in small steps so that nothing else waits long. Run hourly. */
export async function retain({ db, clock }: Pick<MonitorPorts, "db" | "clock">): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await deleteOldRecords(db, clock.now() - keptDays * 86_400_000, step);
    deleted += count;
    if (count < step) return deleted;
  }
}
