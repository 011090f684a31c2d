import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { BlobStore } from "../../register/ports.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { ReadRecords } from "../labels/collected.ts";

export interface DatasetPorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
  ingest: Ingest;
  readRecords: ReadRecords;
  /** Where rows lie that are sorted; what is in it at the start of a server is left over. */
  sortFolder: string;
}
