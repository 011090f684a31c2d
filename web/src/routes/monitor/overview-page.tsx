import { Page } from "../../ui/page.tsx";

export function OverviewPage() {
  return <Page title="Monitor">Not built yet.</Page>;
}
