import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { segmentName } from "../contract/host.ts";
import type { Log } from "../kernel/log.ts";

/** Where a group belongs. */
export interface Place {
  segment: number;
  offset: number;
}

/**
 * Groups that are not in their segments yet, one file each, on a file system in memory. A disk may hold a write up for as long as it pleases,
 * memory does not: what was added here outlives the process at once.
 */
export interface SpoolJournal {
  /** Begins the file of a group. */
  begin(place: Place): JournalFile;
  /** Leaves nothing behind when nothing waits. */
  close(): void;
}

export interface JournalFile {
  add(bytes: Uint8Array): void;
  /** The group is in its segment now, or lost for a reason that was counted. */
  remove(): void;
}

const noFile: JournalFile = { add: () => {}, remove: () => {} };
export const noJournal: SpoolJournal = { begin: () => noFile, close: () => {} };

/** Opens the journal in a folder of its own; one that is somebody else's is not used. */
export function openJournal(folder: string, log: Log): SpoolJournal {
  const complain = (error: unknown) =>
    log.warn(
      { reason: (error as Error).message },
      "records have no journal: a kill while the disk is slow costs those that wait for it",
    );
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkOwner(folder);
  } catch (error) {
    complain(error);
    return noJournal;
  }
  let isWell = true;
  /** Without a file the disk has to do. */
  const giveUp = (error: unknown): JournalFile => {
    if (isWell) complain(error);
    isWell = false;
    return noFile;
  };
  return {
    begin: (place) => {
      try {
        const file = beginFile(join(folder, `${place.segment}-${place.offset}`), giveUp);
        isWell = true;
        return file;
      } catch (error) {
        return giveUp(error);
      }
    },
    close: () => {
      try {
        rmdirSync(folder);
      } catch {
        // what is in it is for the next run
      }
    },
  };
}

function beginFile(path: string, onFailure: (error: unknown) => void): JournalFile {
  let file: number | undefined = openSync(path, "wx", 0o600);
  const remove = () => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    try {
      unlinkSync(path);
    } catch {
      // what is done again changes nothing
    }
  };
  return {
    add: (bytes) => {
      if (file === undefined) return;
      try {
        writeAll(file, bytes, null);
      } catch (error) {
        // what is half there is worse than nothing
        remove();
        onFailure(error);
      }
    },
    remove,
  };
}

/** From a position on, or from where the file stands. */
function writeAll(file: number, bytes: Uint8Array, position: number | null): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position === null ? null : position + done);
}

/** Anybody may make a folder in memory that all share. */
function checkOwner(folder: string): void {
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} is not a folder of this user alone`);
}

/**
 * Puts the groups that a killed host has left in a journal where they belong. A group has one place, so doing it twice, or over what the disk has
 * already, changes nothing; a segment that the server has taken over and removed comes back with nothing behind its position. Gives the records
 * that cannot be written.
 */
export function redoJournal(journal: string, spool: string, log: Log): number {
  let lost = 0;
  for (const { name, place } of leftGroups(journal)) {
    const path = join(journal, name);
    const bytes = readFileSync(path);
    try {
      writeAt(join(spool, segmentName(place.segment)), bytes, place.offset);
    } catch (error) {
      log.warn({ reason: (error as Error).message, ...place }, "records of an earlier run could not be written");
      lost += countEntries(bytes);
    }
    rmSync(path);
  }
  return lost;
}

function leftGroups(journal: string): { name: string; place: Place }[] {
  let names: string[];
  try {
    checkOwner(journal);
    names = readdirSync(journal);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+-\d+$/.test(name))
    .map((name) => {
      const [segment = 0, offset = 0] = name.split("-").map(Number);
      return { name, place: { segment, offset } };
    })
    .sort(({ place: a }, { place: b }) => a.segment - b.segment || a.offset - b.offset);
}

function writeAt(path: string, bytes: Uint8Array, offset: number): void {
  // made when it is not there, and never cut
  closeSync(openSync(path, "a", 0o600));
  const file = openSync(path, "r+");
  try {
    writeAll(file, bytes, offset);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Entries begin with their length (format: contract/host.ts). */
function countEntries(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 8 + bytes.readUInt32LE(at)) count += 1;
  return count;
}
