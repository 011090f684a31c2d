import type { SpooledHead } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";

/** One entry of a spool: also one that is not kept (`head.kept`, then nothing is decoded), and one that a mirror answered (`head.mirrored`). */
export interface DecodedEntry {
  head: SpooledHead;
  /** Decoded at the first call; the later ones give the same. */
  decoded(): DecodedRecord;
}

/** What was asked to be erased. */
export interface Erasing {
  /** A correlation id or a request id. */
  id: string;
  /** undefined: of all services. */
  service: string | undefined;
  by: string;
  at: number;
}

/** What went with erased records, and is told. */
export interface ErasedBeside {
  /** Entries of collections. */
  collected: number;
  labels: number;
  /** References of data sets that held some. */
  datasets: string[];
}

/** What holds copies of records, or what is told of them: it goes with them. */
export interface RecordEraser {
  /**
   * Told in the transaction that erases: once for the id, without records when there are none, and again for each file that held some.
   * Gives what went of that which people are told.
   */
  erased(tx: Db, records: readonly ErasedRecord[], erasing: Erasing): Promise<Partial<ErasedBeside>>;
  /** After the last of the transactions. */
  finish(): Promise<void>;
}

/** A record of which nothing is left. */
export interface ErasedRecord {
  id: string;
  /** null: the id. */
  correlation_id: string | null;
  service: string;
  sequence: number;
  /** When it came, epoch ms. */
  at: number;
}

/**
 * Writes what it makes of entries in the transaction that commits their position: it is there exactly once.
 * Another batch begins with the same entries when that transaction failed, so it keeps nothing in memory that a roll-back does not undo.
 */
export interface RecordConsumer<Gathered = unknown> {
  /** Begins a batch. */
  gather(): Gathering<Gathered>;
  /** In the transaction; once. */
  write(tx: Db, gathered: Gathered): Promise<void>;
}

/** What a consumer makes of a batch, before the transaction. */
export interface Gathering<Gathered = unknown> {
  /** Entry by entry: what was decoded need not be kept. */
  add(entry: DecodedEntry): void;
  /** What all of them come to: plain data, as it may go to another thread. */
  finish(db: Db): Promise<Gathered>;
}

/** Every id that goes with an erasure. */
export const erasedIds = (records: readonly ErasedRecord[], { id }: Pick<Erasing, "id">): string[] => [
  ...new Set([id, ...records.flatMap((record) => [record.id, record.correlation_id ?? record.id])]),
];
