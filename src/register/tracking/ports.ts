import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { BlobStore } from "../ports.ts";

export interface TrackingPorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
}
