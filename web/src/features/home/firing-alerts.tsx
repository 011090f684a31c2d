import { Stack, Text } from "@mantine/core";
import { TextLink } from "../../ui/links.tsx";
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
            <State word="firing" color="red" />{" "}
            <TextLink to="/monitor/alerts/$name" params={{ name: alert }}>
              {alert}
            </TextLink>{" "}
            on{" "}
            <TextLink to="/monitor/services/$name" params={{ name: service }}>
              {service}
            </TextLink>
            : {text}{" "}
            <Text component="span" inherit c="dimmed">
              since <Time at={since} />
            </Text>
          </Text>
        ))}
      </Stack>
    </Section>
  );
}
