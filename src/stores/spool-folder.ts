import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { segmentName } from "../contract/host.ts";
import type { HostControl } from "../kernel/host-control.ts";
import type { SpoolSource } from "../monitor/ports.ts";

/** The spool of a host on the same disk, under `<host folder>/spool`. */
export function spoolFolder(folder: string, control: Pick<HostControl, "flush" | "seen">): SpoolSource {
  const spool = join(folder, "spool");
  return {
    host: "local",
    flush: () => control.flush().catch(() => {}),
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
    remove: (segment) => rm(join(spool, segmentName(segment)), { force: true }),
    dropped: async () => (await control.seen().catch(() => undefined))?.dropped ?? {},
  };
}
