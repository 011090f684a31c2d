import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function ServicePage() {
  return <MonitorPage title="Service">Not built yet.</MonitorPage>;
}
