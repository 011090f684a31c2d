import { Group, Text } from "@mantine/core";

/** Of two that are compared: grey is what was, the colour of the pages what is. */
export const pairColors = {
  before: "var(--mantine-color-gray-5)",
  now: "var(--mantine-primary-color-filled)",
} as const;

/** What a colour of a picture stands for. */
export function LegendMark({ color, name }: { color: string; name: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <svg width="12" height="12" aria-hidden="true">
        <rect width="12" height="12" rx="2" fill={color} />
      </svg>
      <Text size="xs">{name}</Text>
    </Group>
  );
}
