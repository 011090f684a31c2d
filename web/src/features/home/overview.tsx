import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask, askOn } from "../../api.ts";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { unknownText } from "../../ui/unknown-text.ts";
import { Figures } from "./figures.tsx";
import { FiringAlerts } from "./firing-alerts.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { LatestEvents } from "./latest-events.tsx";
import { NewVersions } from "./new-versions.tsx";
import { ServicesTable } from "./services-table.tsx";
import { firingOf, standingsOf } from "./standing.ts";

/** No event tells of traffic, nor of a worker that died. */
const often = { refetchInterval: 10_000 };

/** What is live, how it does and what changed; on an empty server how it is filled. */
export function Overview() {
  const services = useQuery({ ...ask("listServices", { pageSize: 200 }), ...often });
  const usage = useQuery({ ...askOn("summariseUsage", { by: "service", since: "24h", every: "1h" }), ...often });
  const changes = useQuery(ask("listChanges", { newest: true, pageSize: 1000 }));
  const alerts = useQuery({ ...ask("listAlerts", { state: "firing", pageSize: 1000 }), ...often });
  const versions = useQuery(ask("listModels", { pageSize: 6 }));
  const firing = alerts.data && firingOf(alerts.data.items);
  const unknown = {
    usage: unknownText(usage.error),
    changes: unknownText(changes.error),
    alerts: unknownText(alerts.error),
  };
  return (
    <Loaded query={services}>
      {({ items, nextPageToken }) => {
        if (items.length === 0 && versions.data?.items.length === 0) return <FirstSteps />;
        const standings = standingsOf(items, usage.data?.items, changes.data?.items, alerts.data?.items);
        return (
          <Stack gap="md">
            {items.length === 0 ? null : <Figures standings={standings} firing={firing?.length} unknown={unknown} />}
            {firing === undefined || firing.length === 0 ? null : <FiringAlerts firing={firing} />}
            <Section
              title="Services"
              actions={
                <TextLink to="/use" fz="sm">
                  All services
                </TextLink>
              }
            >
              {items.length === 0 ? (
                <Text size="sm">
                  No service yet. <TextLink to="/use/deploy">Deploy one</TextLink> of what is registered.
                </Text>
              ) : (
                <ServicesTable standings={standings} unknown={unknown} />
              )}
              {nextPageToken === null ? null : <Text size="sm">The first 200 are shown.</Text>}
            </Section>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <LatestEvents />
              <Loaded query={versions}>{({ items }) => <NewVersions versions={items} />}</Loaded>
            </SimpleGrid>
          </Stack>
        );
      }}
    </Loaded>
  );
}
