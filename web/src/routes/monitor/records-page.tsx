import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function RecordsPage() {
  return <MonitorPage title="Records">Not built yet.</MonitorPage>;
}
