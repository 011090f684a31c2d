import { MonitorPage } from "../../features/monitor/monitor-page.tsx";

export function AlertPage() {
  return <MonitorPage title="Alert">Not built yet.</MonitorPage>;
}
