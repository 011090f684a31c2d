import type { MonitorPorts } from "../ports.ts";
import { selectDrops } from "./rows/drops.ts";
import { selectHostDrops } from "./rows/host-drops.ts";

/** Records that are not there, by reason: what hosts could not keep and what the server passed over, since the home was made. */
export async function droppedRecords({
  db,
  spool,
}: Pick<MonitorPorts, "db" | "spool">): Promise<Record<string, number>> {
  const total = await selectDrops(db);
  for (const counts of [await selectHostDrops(db), await spool.dropped()])
    for (const [reason, count] of Object.entries(counts)) total[reason] = (total[reason] ?? 0) + count;
  return total;
}
