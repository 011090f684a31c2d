import { Group, Loader, Stack, Text } from "@mantine/core";
import { ErrorCard } from "../../ui/error-card.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { Differences } from "./differences.tsx";
import { actionText, type Entry } from "./history.ts";
import type { RollOut } from "./use-roll-out.ts";

/** A change that is going on, whoever started it, with what it tells when it was started here; and how one from here ended. */
export function RunningChange({ entry, rollOut }: { entry: Entry | undefined; rollOut: RollOut }) {
  const { lines, update, rollBack } = rollOut;
  const error = update.error ?? rollBack.error;
  if (entry === undefined && lines.length === 0 && error === null) return null;
  return (
    <Section title={entry === undefined ? "How it went" : actionText(entry)}>
      <Stack gap="sm">
        {entry === undefined ? null : (
          <Group gap="xs" role="status">
            <Loader size="xs" />
            <Text size="sm">
              Begun by {entry.by} <Time at={entry.at} />
              {entry.reason === null ? "" : `: ${entry.reason}`}. What answers now goes on until the new revision is
              ready.
            </Text>
          </Group>
        )}
        {entry === undefined ? null : <Differences differences={entry.differences} />}
        {error === null ? null : <ErrorCard error={error} />}
        {lines.length === 0 ? null : <ProgressLines lines={lines} label="Progress" />}
      </Stack>
    </Section>
  );
}
