import type { MonitorPorts } from "../ports.ts";
import { droppedRecords } from "./dropped-records.ts";
import { spoolPosition } from "./rows/spool.ts";
import { type RecordTotals, recordTotals } from "./rows/totals.ts";

/** Where records are, and how many are not there. */
export interface RecordState extends RecordTotals {
  waitingBytes: number;
  dropped: Record<string, number>;
}

export async function recordState({ db, spool }: Pick<MonitorPorts, "db" | "spool">): Promise<RecordState> {
  const dropped = await droppedRecords({ db, spool });
  return { ...(await recordTotals(db)), waitingBytes: await waitingBytes({ db, spool }), dropped };
}

/** Bytes of all spools behind what was taken over. */
async function waitingBytes({ db, spool }: Pick<MonitorPorts, "db" | "spool">): Promise<number> {
  let bytes = 0;
  for (const source of await spool.sources()) {
    const done = await spoolPosition(db, source.host);
    for (const segment of await source.segments()) {
      if (segment < done.segment) continue;
      bytes += Math.max(0, (await source.size(segment)) - (segment === done.segment ? done.position : 0));
    }
  }
  return bytes;
}
