import { makeTurns } from "../../kernel/turns.ts";
import type { MonitorPorts } from "../ports.ts";
import type { RecordEraser } from "./consumer.ts";
import { type Erased, type Erasure, erase } from "./erase.ts";
import type { Ingest } from "./ingest.ts";
import { mergeFiles } from "./merge-files.ts";
import { type Moved, moveToFiles } from "./move-to-files.ts";
import { retain } from "./retain.ts";
import { pathsOfFiles } from "./rows/files.ts";

/** What changes the files of records. One thing at a time: two would write the same file anew. */
export interface RecordKeeper {
  /** Removes what a crash left; at the start, before anything else. */
  clean(): Promise<void>;
  /** Moves records older than a moment (epoch ms) to files. */
  move(olderThanMs: number, tell?: (moved: Moved) => void): Promise<Moved>;
  /** Makes one file of the many of a day that is over. Gives how many files went. */
  merge(): Promise<number>;
  /** Deletes what is past its time or beyond its size. Comes back when a spool of a host that answers has it no more either. */
  retain(): Promise<number>;
  /** Erases for ever. Comes back when it is neither in the store nor in a spool of a host that answers. */
  erase(erasure: Erasure): Promise<Erased>;
}

type KeeperPorts = Pick<MonitorPorts, "db" | "files" | "clock" | "log" | "spool"> & {
  ingest: Ingest;
  erasers: readonly RecordEraser[];
  /** What the files of all services together may take; null: no limit. */
  mostBytes: number | null;
};

export function makeKeeper(ports: KeeperPorts): RecordKeeper {
  const { db, files, log, ingest, spool } = ports;
  const inTurn = makeTurns();
  /** The segment that is written to holds what was deleted, for months when little comes: with a new one it is removed. */
  const leaveSegment = async () => {
    await spool.flush({ rotate: true });
    await ingest.catchUp();
  };
  return {
    clean: () =>
      inTurn(async () => {
        const removed = await files.clean(await pathsOfFiles(db));
        if (removed > 0) log.info({ removed }, "files of records that a crash had left were removed");
      }),
    move: (olderThanMs, tell) => inTurn(() => moveToFiles(ports, olderThanMs, tell)),
    merge: () => inTurn(() => mergeFiles(ports)),
    retain: async () => {
      const deleted = await inTurn(() => retain(ports));
      await leaveSegment();
      return deleted;
    },
    erase: async (erasure) => {
      await ingest.catchUp();
      const done = await inTurn(() => erase(ports, erasure));
      await leaveSegment();
      return done;
    },
  };
}
