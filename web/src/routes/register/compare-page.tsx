import { Page } from "../../ui/page.tsx";

export function ComparePage() {
  return <Page title="compare">Not built yet.</Page>;
}
