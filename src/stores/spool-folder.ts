import { open, readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { dropCountsName, dropCountsOf, segmentName } from "../contract/host.ts";
import { frontFolders } from "../kernel/front-folders.ts";
import type { HostControl } from "../kernel/host-control.ts";
import { readHostFile } from "../kernel/host-file.ts";
import { stillRuns } from "../kernel/process-identity.ts";
import { isLockHeld } from "../kernel/process-lock.ts";
import { readTwoSlots } from "../kernel/two-slots.ts";
import type { Spooled, SpoolSource } from "../monitor/ports.ts";

/**
 * What a host on the same disk has spooled: under `<host folder>/spool`, and under `fronts/<n>/spool` for each of its fronts, those of an
 * earlier run too.
 */
export function spoolFolders(folder: string, control: Pick<HostControl, "flush">): Spooled {
  return {
    flush: (options) => control.flush(options).catch(() => {}),
    async sources() {
      const fronts = await frontFolders(folder);
      return [
        spoolFolder(folder, "local", async () => (frontsInUse(folder) ?? 0) > 0),
        ...fronts.map(({ number, folder: own }) => {
          const isLeft = async () => {
            const inUse = frontsInUse(folder);
            if (inUse === undefined || number <= inUse) return false;
            // one whose host was killed may live on for a moment
            return !(await isLockHeld(join(own, "host.lock")));
          };
          return spoolFolder(own, `local front ${number}`, isLeft);
        }),
      ];
    },
    async dropped() {
      const total: Record<string, number> = {};
      for (const host of [folder, ...(await frontFolders(folder)).map((front) => front.folder)])
        for (const [reason, count] of Object.entries(dropCountsOf(await readTwoSlots(join(host, dropCountsName)))))
          total[reason] = (total[reason] ?? 0) + count;
      return total;
    },
  };
}

/** How many fronts the host has that runs, 0 when it has none. Undefined when none runs, or it is just starting. */
function frontsInUse(folder: string): number | undefined {
  const host = readHostFile(folder);
  return host && stillRuns(host) ? (host.fronts ?? 0) : undefined;
}

function spoolFolder(folder: string, host: string, isLeft: () => Promise<boolean>): SpoolSource {
  const spool = join(folder, "spool");
  return {
    host,
    isLeft,
    async segments() {
      const names = await readdir(spool).catch(() => []);
      return names
        .flatMap((name) => (/^\d{16}\.seg$/.test(name) ? [Number(name.slice(0, 16))] : []))
        .sort((a, b) => a - b);
    },
    async read(segment, from, limit) {
      const handle = await open(join(spool, segmentName(segment)));
      try {
        const { size } = await handle.stat();
        const length = Math.max(0, Math.min(limit, size - from));
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    size: async (segment) => (await stat(join(spool, segmentName(segment))).catch(() => ({ size: 0 }))).size,
    remove: (segment) => rm(join(spool, segmentName(segment)), { force: true }),
    empty: (segment) => truncate(join(spool, segmentName(segment))),
  };
}
