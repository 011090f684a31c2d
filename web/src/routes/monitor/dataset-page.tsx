import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function DatasetPage() {
  return <MonitorPage title="Dataset">Not built yet.</MonitorPage>;
}
