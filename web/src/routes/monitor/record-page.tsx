import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function RecordPage() {
  return <MonitorPage title="Record">Not built yet.</MonitorPage>;
}
