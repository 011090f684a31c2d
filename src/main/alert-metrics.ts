import { exposition } from "../host/metrics/exposition.ts";
import type { StoredState } from "../monitor/alerts/rows.ts";

/** The states of alerts as Prometheus reads them; alerts that never had a service to watch are left out. */
export function alertMetrics(states: readonly StoredState[]): string {
  const gauge = (name: string, help: string, read: (state: StoredState) => number) => ({
    ...{ name, help, type: "gauge" as const },
    samples: states.map((state) => ({ labels: { alert: state.alert, service: state.service }, value: read(state) })),
  });
  return exposition([
    gauge("modelyard_alert_firing", "1 while the alert fires.", ({ state }) => Number(state === "firing")),
    gauge("modelyard_alert_pending", "1 while its condition holds, and not for long enough.", ({ state }) =>
      Number(state === "pending"),
    ),
    gauge("modelyard_alert_evaluated_timestamp_seconds", "When it was last evaluated.", ({ at }) => at / 1000),
  ]);
}
