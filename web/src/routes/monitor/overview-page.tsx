import { SegmentedControl, SimpleGrid } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { FiringAlerts } from "../../features/monitor/firing-alerts.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { RecordFlow } from "../../features/monitor/record-flow.tsx";
import { usageSpans, WatchedServices } from "../../features/monitor/watched-services.tsx";
import { Section } from "../../ui/section.tsx";

const route = getRouteApi("/monitor");
type Span = keyof typeof usageSpans;

export function OverviewPage() {
  const { since = "24h" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <MonitorPage title="Monitor">
      <FiringAlerts />
      <Section
        title="Services"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Span of time"
            data={Object.keys(usageSpans)}
            value={since}
            onChange={(value) => void navigate({ search: { since: value as Span }, replace: true })}
          />
        }
      >
        <WatchedServices since={since} />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <RecordFlow />
      </SimpleGrid>
    </MonitorPage>
  );
}
