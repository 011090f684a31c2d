import { Page } from "../../ui/page.tsx";

export function ChangesPage() {
  return <Page title="Update">Not built yet.</Page>;
}
