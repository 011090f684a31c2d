import type { MonitorPorts } from "../ports.ts";
import { selectDrops } from "./rows/drops.ts";
import { addHostDrops, selectHostDrops } from "./rows/host-drops.ts";

type DropPorts = Pick<MonitorPorts, "db" | "spool">;

/** Keeps what the host could not keep of records: its counts end with it. */
export async function noteHostDrops({ db, spool }: DropPorts): Promise<void> {
  const now = await spool.dropped();
  if (now !== undefined) await addHostDrops(db, now);
}

/** Records that are not there, by reason: what hosts could not keep and what the server passed over, since the home was made. */
export async function droppedRecords({ db, spool }: DropPorts): Promise<Record<string, number>> {
  const total = await selectDrops(db);
  for (const [reason, count] of Object.entries(await selectHostDrops(db, await spool.dropped())))
    total[reason] = (total[reason] ?? 0) + count;
  return total;
}
