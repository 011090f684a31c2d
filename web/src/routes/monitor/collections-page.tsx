import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function CollectionsPage() {
  return <MonitorPage title="Collections">Not built yet.</MonitorPage>;
}
