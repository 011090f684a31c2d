import { Anchor, Group, Text } from "@mantine/core";

/** Services by name, each with the way to its page. */
export function ServiceLinks({ services, limit = 3 }: { services: readonly string[]; limit?: number }) {
  if (services.length === 0) return <Text size="sm">–</Text>;
  return (
    <Group gap="xs">
      {services.slice(0, limit).map((service) => (
        <Anchor key={service} size="sm" href={`/use/services/${encodeURIComponent(service)}`}>
          {service}
        </Anchor>
      ))}
      {services.length > limit ? (
        <Text size="xs" c="dimmed">
          and {services.length - limit} more
        </Text>
      ) : null}
    </Group>
  );
}
