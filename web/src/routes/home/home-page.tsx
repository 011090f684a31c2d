import { Overview } from "../../features/home/overview.tsx";
import { Page } from "../../ui/page.tsx";

export function HomePage() {
  return (
    <Page title="Home">
      <Overview />
    </Page>
  );
}
