import { Badge, Group, Text } from "@mantine/core";

/** Tags as small labels; of many, the first ones and how many more there are. */
export function Tags({ tags, limit = Number.POSITIVE_INFINITY }: { tags: Record<string, string>; limit?: number }) {
  const pairs = Object.entries(tags);
  return (
    <Group gap={4}>
      {pairs.slice(0, limit).map(([key, value]) => {
        const text = value === "" ? key : `${key}: ${value}`;
        return (
          <Badge key={key} variant="default" tt="none" fw={400} radius="sm" title={text} maw="16rem">
            {text}
          </Badge>
        );
      })}
      {pairs.length > limit ? (
        <Text size="xs" c="dimmed">
          and {pairs.length - limit} more
        </Text>
      ) : null}
    </Group>
  );
}
