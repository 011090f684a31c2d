import { mkdirSync } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { segmentName } from "../contract/host.ts";
import type { Clock } from "../kernel/clock.ts";
import { syncFolder } from "../kernel/files.ts";
import type { Log } from "../kernel/log.ts";
import { makeSpoolGroup, type SpoolGroup, type SpoolRecord } from "./spool-entry.ts";

export interface SpoolLimits {
  /** Bytes after which a new segment begins. */
  segmentBytes: number;
  /** Bytes of all segments together; what comes then is dropped and counted. */
  totalBytes: number;
  /** Bytes that may wait in memory for a slow disk. */
  pendingBytes: number;
  /** A group is written after this time, or when it has this many bytes. */
  groupMs: number;
  groupBytes: number;
}

export const spoolLimits: SpoolLimits = {
  segmentBytes: 16 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  pendingBytes: 64 * 1024 * 1024,
  groupMs: 50,
  groupBytes: 256 * 1024,
};

/** Records on their way to the disk. */
export interface Spool {
  /** Takes a record, which is made behind the answers that are written in this turn of the event loop. Returns at once and never fails. */
  append(make: () => SpoolRecord): void;
  /** Counts what is not kept, for a reason from elsewhere. */
  drop(reason: string, count?: number): void;
  /** Resolves when all that was appended is durable or dropped. */
  flush(): Promise<void>;
  /** Flushes, and begins a new segment: the server removes the one before when it has taken it over. */
  rotate(): Promise<void>;
  /** Flushes and closes; nothing may be appended after that. */
  close(): Promise<void>;
  /** Records that could not be kept, by reason. */
  dropped(): Record<string, number>;
}

interface Segment {
  path: string;
  handle: FileHandle;
  size: number;
  /** Its next sync is on its way. */
  waits: boolean;
}

/** Opens the spool in a folder. A segment of an earlier run is never appended to: its tail may be torn. */
export function openSpool(folder: string, limits: SpoolLimits, clock: Clock, log: Log): Spool {
  mkdirSync(folder, { recursive: true });
  const dropped: Record<string, number> = {};
  const pending: SpoolGroup[] = [];
  /** The last one that was written: a new buffer for each would have the collector mark the whole heap four times a second. */
  let spare: SpoolGroup | undefined;
  let unmade: (() => SpoolRecord)[] = [];
  let pendingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let segment: Segment | undefined;
  let syncs: Promise<void> = Promise.resolve();
  /** Records that were taken, and those of them that are durable or dropped. */
  let taken = 0;
  let settled = 0;
  let otherBytes = 0;
  let lastSequence = 0;

  const drop = (reason: string, count: number) => {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  /** Sequences are times, so that a number never comes back when the server has removed the segments before it. */
  const nextSegment = async (): Promise<Segment> => {
    const last = segment;
    segment = undefined;
    // behind its last sync
    if (last !== undefined) later(() => last.handle.close());
    const names = await readdir(folder);
    lastSequence = Math.max(lastSequence, ...names.map((name) => Number.parseInt(name, 10) || 0));
    lastSequence = Math.max(lastSequence + 1, clock.now());
    const path = join(folder, segmentName(lastSequence));
    const handle = await open(path, "ax", 0o600);
    segment = { path, handle, size: 0, waits: false };
    later(() => syncFolder(folder));
    otherBytes = await folderBytes(folder, path);
    return segment;
  };
  const writeGroup = async (records: number, group: Buffer) => {
    const fits = segment !== undefined && (segment.size === 0 || segment.size + group.length <= limits.segmentBytes);
    const current = fits ? (segment as Segment) : await nextSegment();
    const isFull = () => otherBytes + current.size + group.length > limits.totalBytes;
    // the server removes what it has taken in: count again before anything is dropped
    if (isFull()) otherBytes = await folderBytes(folder, current.path);
    if (isFull()) return drop("spool-full", records);
    await current.handle.appendFile(group);
    current.size += group.length;
    sync(current);
  };
  /**
   * Makes durable what was written. Nothing waits for it but a flush: what was written outlives the process without it, and a disk that is slow
   * for once must not keep the next group in memory.
   */
  const sync = (current: Segment) => {
    if (current.waits) return;
    current.waits = true;
    later(() => {
      current.waits = false;
      return current.handle.datasync();
    });
  };
  /** In this order, one after the other. */
  const later = (work: () => Promise<void>) => {
    syncs = syncs
      .then(work)
      .catch((error: Error) => log.warn({ reason: error.message }, "records could not be synced"));
  };
  /** What a failed write left behind would hide all that follows it: the segment is cut back and left. */
  const abandonSegment = async () => {
    const torn = segment;
    segment = undefined;
    if (torn === undefined) return;
    await syncs;
    await torn.handle.truncate(torn.size).catch(() => {});
    await torn.handle.close().catch(() => {});
  };
  /** The last group that waits, as long as it is small: what is being written takes nothing more. */
  const groupFor = ({ body, answer }: SpoolRecord): SpoolGroup => {
    const last = pending.at(-1);
    if (last !== undefined && last.size() + body.length + answer.length < limits.groupBytes) return last;
    const next = spare ?? makeSpoolGroup(limits.groupBytes + 64 * 1024);
    spare = undefined;
    pending.push(next);
    return next;
  };
  const writeGroups = async (groups: readonly SpoolGroup[]) => {
    for (const group of groups) {
      const { records } = group;
      try {
        await writeGroup(records, group.bytes());
      } catch (error) {
        const reason = (error as NodeJS.ErrnoException).code === "ENOSPC" ? "disk-full" : "write-failed";
        log.warn({ reason: (error as Error).message, records }, "records could not be written");
        drop(reason, records);
        await abandonSegment();
      }
      settled += records;
      pendingBytes -= group.size();
      group.clear();
      spare = group;
    }
  };
  /** Writes what waits now; what comes meanwhile waits for its own time, so that a steady load is not synced without a pause. */
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writeGroups(pending.splice(0)).finally(() => {
      writing = undefined;
      planWrite();
    });
    return writing;
  };
  const planWrite = () => {
    if (writing !== undefined || pending.length === 0) return;
    if (pendingBytes >= limits.groupBytes) void write();
    else timer ??= setTimeout(write, limits.groupMs);
  };
  const take = (record: SpoolRecord) => {
    if (pendingBytes > limits.pendingBytes) return drop("disk-slow", 1);
    const group = groupFor(record);
    const before = group.size();
    group.add(record);
    taken += 1;
    pendingBytes += group.size() - before;
    planWrite();
  };
  const takeAll = () => {
    const made = unmade;
    unmade = [];
    for (const make of made) {
      try {
        take(make());
      } catch (error) {
        log.error({ error: (error as Error).stack }, "a record could not be made: a bug");
        drop("not-made", 1);
      }
    }
  };
  const flush = async (): Promise<void> => {
    takeAll();
    const last = taken;
    while (settled < last) await (writing ?? write());
    await syncs;
  };

  return {
    append: (make) => {
      if (unmade.length === 0) setImmediate(takeAll);
      unmade.push(make);
    },
    drop,
    flush,
    rotate: async () => {
      await flush();
      while (writing !== undefined) await writing;
      if (segment === undefined || segment.size === 0) return;
      clearTimeout(timer);
      timer = undefined;
      writing = nextSegment()
        .then(() => {}, abandonSegment)
        .finally(() => {
          writing = undefined;
          planWrite();
        });
      await writing;
    },
    close: async () => {
      await flush();
      await segment?.handle.close();
      segment = undefined;
    },
    dropped: () => ({ ...dropped }),
  };
}

async function folderBytes(folder: string, except: string | undefined): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path !== except) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
