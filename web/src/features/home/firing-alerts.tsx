import { Stack, Text } from "@mantine/core";
import { HrefLink } from "../../ui/href-link.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import type { firingOf } from "./standing.ts";

/** What fires now, with what was measured. */
export function FiringAlerts({ firing }: { firing: ReturnType<typeof firingOf> }) {
  return (
    <Section title="Alerts that fire">
      <Stack gap={6}>
        {firing.map(({ alert, service, since, text }) => (
          <Text size="sm" key={`${alert} ${service}`}>
            <State word="firing" color="red" /> <HrefLink href="/monitor/alerts">{alert}</HrefLink> on{" "}
            <HrefLink href={`/monitor/services/${service}`}>{service}</HrefLink>: {text}{" "}
            <Text component="span" inherit c="dimmed">
              since <Time at={since} />
            </Text>
          </Text>
        ))}
      </Stack>
    </Section>
  );
}
