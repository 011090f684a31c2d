import { everyDecodedRecord } from "../collect/every-decoded-record.ts";
import type { MonitorPorts } from "../ports.ts";
import type { ReadRecords } from "./collected.ts";

/** Records as the store has them, as columns. */
export const readRecords = (ports: Pick<MonitorPorts, "db" | "files">): ReadRecords =>
  async function* ({ service, from, to }) {
    for await (const { record, decoded } of everyDecodedRecord(ports, { service, sinceMs: from, untilMs: to })) {
      const { id, revision, models, at, status, weight } = record;
      yield {
        ...{ id, service, revision, models, at, status, weight },
        correlationId: record.correlation_id ?? id,
        mirrored: record.mirrored === 1,
        ...decoded,
      };
    }
  };
