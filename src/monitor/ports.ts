import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";
import type { Log } from "../kernel/log.ts";
import type { ReadGate } from "../kernel/read-gate.ts";

/** The segments one process of a host has spooled, lowest number first. */
export interface SpoolSource {
  /** Names the process whose spool this is; positions are kept under it. */
  host: string;
  segments(): Promise<number[]>;
  /** Bytes of a segment from an offset on, at most `limit`. */
  read(segment: number, from: number, limit: number): Promise<Buffer>;
  /** Bytes a segment has now. */
  size(segment: number): Promise<number>;
  remove(segment: number): Promise<void>;
  /** Leaves an empty segment, so that a later one gets a higher number. */
  empty(segment: number): Promise<void>;
  /** Whether the host that runs writes elsewhere: nothing is added to a segment that was there before the call. Of a host that does not run nobody can say. */
  isLeft(): Promise<boolean>;
}

/** All that a host has spooled. */
export interface Spooled {
  /** Asks the host to write out what it holds back, and with `rotate` to begin a new segment; does nothing when it does not answer. */
  flush(options?: { rotate: boolean }): Promise<void>;
  sources(): Promise<SpoolSource[]>;
  /** Records that hosts could not keep, by reason, in all their lives. */
  dropped(): Promise<Record<string, number>>;
}

/** A column of a file of records. */
export interface FileColumn {
  name: string;
  /** INT64 holds integers as JavaScript's numbers, TIMESTAMP epoch ms. */
  type: "STRING" | "DOUBLE" | "INT32" | "INT64" | "BOOLEAN" | "TIMESTAMP" | "BYTE_ARRAY";
  /** A value of the type, or null. */
  valueAt(row: number): unknown;
}

/** How a file is cut: `groupRows` rows are written, and read later, at a time. */
export interface FileRows {
  rows: number;
  groupRows: number;
}

/** Rows of a file that are read together, and only when somebody wants them. */
export interface RowGroup {
  /** The least and the highest value of a column of whole numbers or times; undefined when the file does not say. */
  span(column: string): { least: number; most: number } | undefined;
  /** Its rows; only the named columns. */
  read(columns: readonly string[]): Promise<Record<string, unknown>[]>;
}

/** Files of records: columns by name, in groups of rows. Paths are relative, with `/`. */
export interface RecordFiles {
  /** The bytes of a file, group by group. */
  encode(columns: readonly FileColumn[], size: FileRows): AsyncIterable<Uint8Array>;
  /** Writes a file that is there whole and durable, or not at all. */
  write(path: string, columns: readonly FileColumn[], size: FileRows): Promise<{ bytes: number; digest: string }>;
  /** The groups of a file, or the last one first; each is good until the next is asked for. Errors: record-file-damaged, also of their reads. */
  groups(path: string, options?: { lastFirst?: boolean }): AsyncIterable<RowGroup>;
  /** With the folders that become empty. */
  remove(path: string): Promise<void>;
  /** Removes what a crash left: every file that is not known, and empty folders. Gives how many files. */
  clean(known: ReadonlySet<string>): Promise<number>;
  /** Who reads several files of a catalogue, so that none is merged into another meanwhile. */
  gate: ReadGate;
}

export interface MonitorPorts {
  db: Db;
  clock: Clock;
  log: Log;
  spool: Spooled;
  files: RecordFiles;
}
