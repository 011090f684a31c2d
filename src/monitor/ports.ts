import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";
import type { Log } from "../kernel/log.ts";

/** The segments one process of a host has spooled, lowest number first. */
export interface SpoolSource {
  /** Names the process whose spool this is; positions are kept under it. */
  host: string;
  segments(): Promise<number[]>;
  /** Bytes of a segment from an offset on, at most `limit`. */
  read(segment: number, from: number, limit: number): Promise<Buffer>;
  remove(segment: number): Promise<void>;
}

/** All that a host has spooled. */
export interface Spooled {
  /** Asks the host to write out what it holds back; does nothing when it does not answer. */
  flush(): Promise<void>;
  sources(): Promise<SpoolSource[]>;
  /** Records the host could not keep, by reason. */
  dropped(): Promise<Record<string, number>>;
}

export interface MonitorPorts {
  db: Db;
  clock: Clock;
  log: Log;
  spool: Spooled;
}
