import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import { frontFolders } from "../kernel/front-folders.ts";
import type { Log } from "../kernel/log.ts";
import { isLockHeld } from "../kernel/process-lock.ts";
import { openSpool, spoolLimits, spoolPlaceOf } from "./spool.ts";

/**
 * What an earlier host with another number of fronts left in memory when it was killed goes into its spools, where the server finds it: nobody
 * would open them again. To be called by who holds the lock of the host, before it tells how many fronts it has: the server then takes these
 * spools for whole. `fronts`: 0 of a host that is one process.
 */
export async function settleLeftSpools(
  host: string,
  fronts: number,
  { memory, clock, log }: { memory?: string | undefined; clock: Clock; log: Log },
): Promise<void> {
  const left = (await frontFolders(host)).filter(({ number }) => number > fronts).map(({ folder }) => folder);
  for (const folder of fronts > 0 ? [host, ...left] : left) {
    const place = spoolPlaceOf(folder, memory);
    if (!existsSync(place.folder)) continue;
    try {
      // the lock of the host itself is the caller's
      if (folder !== host && (await isLockHeld(join(folder, "host.lock")))) continue;
      await openSpool(place, spoolLimits, clock, log).close();
    } catch (error) {
      log.warn({ folder, reason: (error as Error).message }, "what an earlier host left in memory was not taken up");
    }
  }
}
