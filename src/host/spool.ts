import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { dropCountsName, segmentName } from "../contract/host.ts";
import type { Clock } from "../kernel/clock.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Log } from "../kernel/log.ts";
import { openDropCounts } from "./drop-counts.ts";
import { openSpoolDisk, type Undone } from "./spool-disk.ts";
import { makeSpoolGroup, type SpoolGroup, type SpoolRecord } from "./spool-entry.ts";
import { type JournalFile, noJournal, openJournal, type Place, redoJournal } from "./spool-journal.ts";

export interface SpoolLimits {
  /** Bytes after which a new segment begins. */
  segmentBytes: number;
  /** Bytes of all segments together; what comes then is dropped and counted. */
  totalBytes: number;
  /** Bytes that may wait in memory for a slow disk. */
  pendingBytes: number;
  /** A group goes to the disk after this time, or when it has this many bytes. */
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
  /** Records that could not be kept, by reason, in all lives that the file of counts remembers. */
  dropped(): Record<string, number>;
}

export interface SpoolPlace {
  folder: string;
  /** A file system in memory, such as /dev/shm: what is there outlives the process, not the machine. Without one a kill costs what waits for a slow disk. */
  memory?: string | undefined;
  /** A file that keeps the counts of what is dropped. Without one they end with the process. */
  drops?: string | undefined;
}

/** The place of the spool of a host, or of one of its fronts, by its folder. */
export const spoolPlaceOf = (host: string, memory: string | undefined): SpoolPlace => ({
  folder: join(host, "spool"),
  memory,
  drops: join(host, dropCountsName),
});

/** A group that takes records. */
interface Filling {
  group: SpoolGroup;
  place: Place;
  file: JournalFile;
  /** Bytes of it that are in the journal. */
  kept: number;
}

/**
 * Opens the spool in a folder. Records are in the journal when the turn of the event loop ends that answered them, and in their segment as
 * soon as the disk takes their group.
 * A segment of an earlier run is never appended to: its tail may be torn.
 */
export function openSpool({ folder, memory, drops }: SpoolPlace, limits: SpoolLimits, clock: Clock, log: Log): Spool {
  mkdirSync(folder, { recursive: true });
  const dropped = openDropCounts(drops, log);
  const drop = dropped.add;
  const journalFolder = memory && join(memory, `modelyard-${sha256(resolve(folder)).slice(0, 24)}`);
  if (journalFolder) drop("disk-full", redoJournal(journalFolder, folder, log));
  const journal = journalFolder ? openJournal(journalFolder, log) : noJournal;
  const disk = openSpoolDisk(folder, limits.totalBytes, log);
  let unmade: (() => SpoolRecord)[] = [];
  let filling: Filling | undefined;
  /** The last one that was written: a new buffer for each would have the collector mark the whole heap four times a second. */
  let spare: SpoolGroup | undefined;
  let pendingBytes = 0;
  /** Groups that are closed and not written, in their order. */
  let waiting: Filling[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** Everything that was closed so far is in its segment or dropped. */
  let written: Promise<void> = Promise.resolve();
  /** Sequences are times, so that a number never comes back when the server has removed the segments before it. */
  let lastSegment = Math.max(0, ...readdirSync(folder).map((name) => Number.parseInt(name, 10) || 0));
  /** Where the next group belongs. */
  let next: Place | undefined;

  const newSegment = (): Place => {
    lastSegment = Math.max(lastSegment + 1, clock.now());
    return { segment: lastSegment, offset: 0 };
  };
  const beginSegment = async () => {
    const { segment } = newSegment();
    next = { segment, offset: 0 };
    written = written.then(() => disk.begin(segment));
    await written;
  };
  const newGroup = (): Filling => {
    if (next === undefined || (next.offset > 0 && next.offset + limits.groupBytes > limits.segmentBytes))
      next = newSegment();
    const group = spare ?? makeSpoolGroup(limits.groupBytes + 64 * 1024);
    spare = undefined;
    return { group, place: next, file: journal.begin(next), kept: 0 };
  };
  const keep = () => {
    if (filling === undefined) return;
    const { group, file, kept } = filling;
    filling.kept = group.size();
    file.add(group.bytes().subarray(kept));
  };
  const closeGroup = () => {
    clearTimeout(timer);
    timer = undefined;
    if (filling === undefined) return;
    keep();
    const full = filling;
    const { segment, offset } = full.place;
    filling = undefined;
    if (next?.segment === segment) next = { segment, offset: offset + full.group.size() };
    waiting.push(full);
    written = written.then(() => writeWaiting(full));
  };
  /**
   * Writes a group, when one before did not take it along, with those of its segment that wait behind it: a write takes some turns of the event
   * loop, and in each of a host that has more to do than it can there are many groups more.
   */
  const writeWaiting = async (first: Filling) => {
    if (waiting[0] !== first) return;
    const { segment } = first.place;
    const end = waiting.findIndex(({ place }) => place.segment !== segment);
    const groups = end === -1 ? waiting : waiting.slice(0, end);
    waiting = waiting.slice(groups.length);
    const bytes = groups.map(({ group }) => group.bytes());
    if (groups.length > 1 && (await disk.writeTogether(segment, bytes))) for (const one of groups) done(one, undefined);
    else for (const one of groups) done(one, await disk.write(segment, one.group.bytes(), one.group.records));
  };
  const done = ({ group, place: { segment }, file }: Filling, undone: Undone | undefined) => {
    file.remove();
    if (undone !== undefined) {
      drop(undone, group.records);
      if (next?.segment === segment) next = undefined;
    }
    pendingBytes -= group.size();
    group.clear();
    spare = group;
  };
  const take = (record: SpoolRecord) => {
    if (pendingBytes > limits.pendingBytes) return drop("disk-slow", 1);
    const { body, answer } = record;
    if (filling !== undefined && filling.group.size() + body.length + answer.length >= limits.groupBytes) closeGroup();
    filling ??= newGroup();
    const { group } = filling;
    const before = group.size();
    group.add(record);
    pendingBytes += group.size() - before;
    if (group.size() >= limits.groupBytes) closeGroup();
    else timer ??= setTimeout(closeGroup, limits.groupMs);
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
    keep();
  };
  const flush = async (): Promise<void> => {
    takeAll();
    closeGroup();
    await written;
    await disk.synced();
    await dropped.flush();
  };

  // what an earlier run has left can be removed then, though nothing is recorded for long
  if (holdsBytes(join(folder, segmentName(lastSegment)))) void beginSegment();

  return {
    append: (make) => {
      if (unmade.length === 0) setImmediate(takeAll);
      unmade.push(make);
    },
    drop: (reason, count = 1) => drop(reason, count),
    flush,
    rotate: async () => {
      await flush();
      // what came meanwhile belongs to the old one
      closeGroup();
      if (next === undefined || next.offset === 0) return;
      await beginSegment();
    },
    close: async () => {
      await flush();
      await disk.close();
      journal.close();
      await dropped.close();
    },
    dropped: dropped.all,
  };
}

const holdsBytes = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
