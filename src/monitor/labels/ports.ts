import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";

export interface LabelPorts extends Pick<MonitorPorts, "db" | "clock" | "files"> {
  ingest: Ingest;
}
