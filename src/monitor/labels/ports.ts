import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { Ingest } from "../collect/ingest.ts";

export interface LabelPorts {
  db: Db;
  clock: Clock;
  ingest: Ingest;
}
