import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function LabelsPage() {
  return <MonitorPage title="Labels">Not built yet.</MonitorPage>;
}
