import type { ReportSection } from "../../contract/alerts.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import type { Ingest } from "../collect/ingest.ts";

/** The time a report is about, epoch ms. */
export interface ReportWindow {
  service: string;
  from: number;
  to: number;
}

export interface ReportPorts {
  db: Db;
  clock: Clock;
  ingest: Ingest;
  /** What other parts of monitoring say of a service; null where there is nothing to say. */
  sections: readonly ((window: ReportWindow) => Promise<ReportSection | null>)[];
}
