import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { eventText } from "../../../../src/contract/event-text.ts";
import { ask } from "../../api.ts";
import { HrefLink } from "../../ui/href-link.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { eventHref } from "./event-href.ts";

const most = 12;

/** What happened last, in words, by whom. */
export function LatestEvents() {
  const events = useQuery(ask("listEvents", { pageSize: most }));
  return (
    <Section title="Latest events">
      <Loaded query={events}>
        {({ items }) => (
          <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
            {items.toReversed().map((event) => {
              const href = eventHref(event.subject);
              const text = eventText(event);
              return (
                <Group key={event.id} component="li" justify="space-between" gap="0 1rem" fz="sm">
                  <Text component="span" inherit style={{ flex: "1 1 14rem", minWidth: 0 }}>
                    {href === undefined ? (
                      text
                    ) : (
                      <HrefLink href={href} c="inherit">
                        {text}
                      </HrefLink>
                    )}
                  </Text>
                  <Text component="span" inherit c="dimmed">
                    {event.actor}, <Time at={Date.parse(event.time)} />
                  </Text>
                </Group>
              );
            })}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
