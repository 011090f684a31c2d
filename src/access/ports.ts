import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";

export interface AccessPorts {
  db: Db;
  clock: Clock;
}
