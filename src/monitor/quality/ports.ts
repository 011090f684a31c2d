import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { ReadRecords } from "../labels/collected.ts";

export interface QualityPorts {
  db: Db;
  clock: Clock;
  ingest: Ingest;
  readRecords: ReadRecords;
}
