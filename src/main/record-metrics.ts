import { exposition } from "../host/metrics/exposition.ts";
import type { RecordState } from "../monitor/collect/record-state.ts";

/** What the server keeps of records, as Prometheus reads it; what the host dropped is in its own metrics. */
export function recordMetrics(state: RecordState, lost: Readonly<Record<string, number>>): string {
  const one = (name: string, type: "gauge" | "counter", help: string, value: number) => ({
    ...{ name, type, help },
    samples: [{ labels: {}, value }],
  });
  return exposition([
    one("modelyard_records_taken_total", "counter", "Records the server has taken over.", state.taken),
    one("modelyard_records_filed", "gauge", "Records in files.", state.filed),
    one("modelyard_record_file_bytes", "gauge", "Bytes of the files of records.", state.fileBytes),
    one("modelyard_spool_waiting_bytes", "gauge", "Bytes of spools that are not taken over yet.", state.waitingBytes),
    {
      ...{ name: "modelyard_records_lost_total", type: "counter" as const },
      help: "Parts of spools that were passed over, by reason.",
      samples: Object.entries(lost).map(([reason, value]) => ({ labels: { reason }, value })),
    },
  ]);
}
