import type { Handler } from "../../contract/operations.ts";
import type { MonitorPorts } from "../ports.ts";
import { recordState } from "./record-state.ts";
import { countPacked } from "./rows/packs.ts";

/** Takes nothing over first: it tells the lag. */
export const getRecordStatus =
  (ports: Pick<MonitorPorts, "db" | "spool"> & { mostRecordBytes: number | null }): Handler<"getRecordStatus"> =>
  async () => ({
    ...(await recordState(ports)),
    fresh: await countPacked(ports.db),
    limitBytes: ports.mostRecordBytes,
  });
