import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { Log } from "../../kernel/log.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { Signal } from "./signal.ts";

export interface AlertPorts {
  db: Db;
  clock: Clock;
  log: Log;
  ingest: Ingest;
  /** All that conditions may be about. */
  signals: readonly Signal[];
}
