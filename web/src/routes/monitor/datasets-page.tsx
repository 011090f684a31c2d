import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function DatasetsPage() {
  return <MonitorPage title="Datasets">Not built yet.</MonitorPage>;
}
