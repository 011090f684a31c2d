import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function CollectionPage() {
  return <MonitorPage title="Collection">Not built yet.</MonitorPage>;
}
