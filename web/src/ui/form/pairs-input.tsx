import { ActionIcon, Button, Group, Input, Stack, TextInput } from "@mantine/core";

/** Keys with values, such as tags: a row for each, and a button for one more. */
export function PairsInput({
  label,
  description,
  error,
  value,
  onChange,
}: {
  label: string;
  description: string;
  error: string | undefined;
  required?: boolean;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
}) {
  const pairs = Object.entries(value);
  const change = (place: number, pair: [string, string] | undefined) =>
    onChange(
      Object.fromEntries(pairs.flatMap((old, index) => (index !== place ? [old] : pair === undefined ? [] : [pair]))),
    );
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <Stack gap={4} mt={4}>
        {pairs.map(([key, text], place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row stays the same while its key is typed
          <Group key={place} gap={4} wrap="nowrap">
            <TextInput
              aria-label={`${label}: key ${place + 1}`}
              value={key}
              onChange={(event) => change(place, [event.currentTarget.value, text])}
              style={{ flex: 1 }}
            />
            <TextInput
              aria-label={`${label}: value of ${key}`}
              value={text}
              onChange={(event) => change(place, [key, event.currentTarget.value])}
              style={{ flex: 2 }}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              onClick={() => change(place, undefined)}
              aria-label={`Remove ${key}`}
            >
              ×
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="compact-xs"
          w="fit-content"
          disabled={"" in value}
          onClick={() => onChange({ ...value, "": "" })}
        >
          Add
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
