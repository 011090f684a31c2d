import { Group, Text } from "@mantine/core";
import { TextLink } from "../../ui/links.tsx";

/** Services by name, each with the way to its page; while they are not known, what is said instead. */
export function ServiceLinks({
  services,
  unknown = "…",
  limit = 3,
}: {
  services: readonly string[] | undefined;
  unknown?: string;
  limit?: number;
}) {
  if (services === undefined)
    return (
      <Text size="sm" c="dimmed">
        {unknown}
      </Text>
    );
  if (services.length === 0) return <Text size="sm">–</Text>;
  return (
    <Group gap="xs" display="inline-flex">
      {services.slice(0, limit).map((service) => (
        <TextLink key={service} to="/use/services/$name" params={{ name: service }} size="sm">
          {service}
        </TextLink>
      ))}
      {services.length > limit ? (
        <Text size="xs" c="dimmed">
          and {services.length - limit} more
        </Text>
      ) : null}
    </Group>
  );
}
