import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function AlertsPage() {
  return <MonitorPage title="Alerts">Not built yet.</MonitorPage>;
}
