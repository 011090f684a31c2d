import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { segmentName } from "../contract/host.ts";
import { syncFolder } from "../kernel/files.ts";
import type { Log } from "../kernel/log.ts";

/** Why a group is not on the disk. */
export type Undone = "spool-full" | "disk-full" | "write-failed";

/** The segments of a spool, as the disk has them. What is asked for one after the other; nothing here fails. */
export interface SpoolDisk {
  /** Adds to the end of a segment, and begins it when it is another than the last one. Behind a failure a segment takes nothing more. */
  write(segment: number, bytes: Buffer, records: number): Promise<Undone | undefined>;
  /** Adds all of these, or none of them: then it gives false, and each of them can be tried by itself. */
  writeTogether(segment: number, parts: readonly Buffer[]): Promise<boolean>;
  /** Begins a segment; when it cannot, the next `write` tries again. */
  begin(segment: number): Promise<void>;
  /** Resolves when all that was written is durable. */
  synced(): Promise<void>;
  close(): Promise<void>;
}

interface Segment {
  number: number;
  handle: FileHandle;
  size: number;
  /** Its next sync is on its way. */
  waits: boolean;
}

/** `totalBytes`: of all segments together. */
export function openSpoolDisk(folder: string, totalBytes: number, log: Log): SpoolDisk {
  let current: Segment | undefined;
  let left: { segment: number; why: Undone } | undefined;
  let syncs: Promise<void> = Promise.resolve();
  /** Bytes of the folder, without what the server has removed since they were counted. */
  let bytesThere: number | undefined;

  /** In this order, one after the other. */
  const later = (work: () => Promise<void>) => {
    syncs = syncs
      .then(work)
      .catch((error: Error) => log.warn({ reason: error.message }, "records could not be synced"));
  };
  const begin = async (number: number): Promise<Segment> => {
    const last = current;
    current = undefined;
    // behind its last sync
    if (last !== undefined) later(() => last.handle.close());
    const handle = await open(join(folder, segmentName(number)), "ax", 0o600);
    current = { number, handle, size: 0, waits: false };
    later(() => syncFolder(folder));
    return current;
  };
  /**
   * Makes durable what was written. Nothing waits for it but a flush: what was written outlives the process without it, and a disk that is slow
   * for once must not keep the next group in memory.
   */
  const sync = (segment: Segment) => {
    if (segment.waits) return;
    segment.waits = true;
    later(() => {
      segment.waits = false;
      return segment.handle.datasync();
    });
  };
  const grow = (file: Segment, bytes: number) => {
    file.size += bytes;
    bytesThere = (bytesThere ?? 0) + bytes;
    sync(file);
  };
  const isFull = async (length: number): Promise<boolean> => {
    // the server removes what it has taken in: count again before anything is dropped
    if (bytesThere === undefined || bytesThere + length > totalBytes) bytesThere = await folderBytes(folder);
    return bytesThere + length > totalBytes;
  };
  /** What a failed write left behind would hide all that follows it: the segment is cut back and left, or removed when nothing is in it. */
  const leave = async (segment: number, why: Undone): Promise<Undone> => {
    const torn = current?.number === segment ? current : undefined;
    left = { segment, why };
    if (torn === undefined) return why;
    current = undefined;
    await syncs;
    await torn.handle.truncate(torn.size).catch(() => {});
    await torn.handle.close().catch(() => {});
    // a disk that is full for hours would have thousands of them
    if (torn.size === 0) await rm(join(folder, segmentName(segment)), { force: true }).catch(() => {});
    return why;
  };
  return {
    write: async (segment, bytes, records) => {
      if (left?.segment === segment) return left.why;
      try {
        if (await isFull(bytes.length)) return await leave(segment, "spool-full");
        const file = current?.number === segment ? current : await begin(segment);
        await file.handle.appendFile(bytes);
        grow(file, bytes.length);
        return undefined;
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code === "ENOSPC" ? "disk-full" : "write-failed";
        log.warn({ reason: (error as Error).message, records }, "records could not be written");
        return leave(segment, why);
      }
    },
    writeTogether: async (segment, parts) => {
      const size = parts.reduce((sum, { length }) => sum + length, 0);
      let file: Segment | undefined;
      try {
        if (left?.segment === segment || (await isFull(size))) return false;
        file = current?.number === segment ? current : await begin(segment);
        await appendParts(file.handle, parts);
        grow(file, size);
        return true;
      } catch {
        const whole = await file?.handle.truncate(file.size).then(
          () => true,
          () => false,
        );
        if (whole === false) await leave(segment, "write-failed");
        return false;
      }
    },
    begin: async (segment) => {
      await begin(segment).catch(() => {});
    },
    synced: () => syncs,
    close: async () => {
      await syncs;
      await current?.handle.close();
      current = undefined;
    },
  };
}

async function appendParts(handle: FileHandle, parts: readonly Buffer[]): Promise<void> {
  for (let left = parts.filter(({ length }) => length > 0); left.length > 0; ) {
    let { bytesWritten } = await handle.writev(left);
    // a system may take less than it was given
    left = left.flatMap((part) => {
      const taken = Math.min(part.length, bytesWritten);
      bytesWritten -= taken;
      return taken === part.length ? [] : [part.subarray(taken)];
    });
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name)).catch(() => ({ size: 0 }))).size;
  return bytes;
}
