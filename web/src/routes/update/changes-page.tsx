import { AllChanges, RunningChanges, ServiceRevisions } from "../../features/update/changes.tsx";
import { Page } from "../../ui/page.tsx";
import { Section } from "../../ui/section.tsx";

export function ChangesPage() {
  return (
    <Page title="Update">
      <RunningChanges />
      <Section title="Services">
        <ServiceRevisions />
      </Section>
      <Section title="All changes">
        <AllChanges />
      </Section>
    </Page>
  );
}
