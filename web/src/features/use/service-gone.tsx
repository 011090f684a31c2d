import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { useMay } from "../../session.ts";
import { ErrorCard } from "../../ui/error-card.tsx";
import { TextLink } from "../../ui/links.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { Section } from "../../ui/section.tsx";

/** What stays of a service that is not there: it was deleted, or its first revision failed and its log says why. */
export function ServiceGone({ name, error }: { name: string; error: unknown }) {
  const may = useMay();
  const logs = useQuery(ask("getServiceLogs", { name, tail: 200 }));
  return (
    <Stack>
      <ErrorCard error={error} />
      <Group gap="md" fz="sm">
        <TextLink to="/update/services/$name" params={{ name }}>
          What happened to it
        </TextLink>
        {may("deployService") ? (
          <TextLink to="/use/deploy" search={{ name }}>
            Deploy it
          </TextLink>
        ) : null}
      </Group>
      {logs.data === undefined || logs.data.lines.length === 0 ? null : (
        <Section title={`Log of its revision ${logs.data.revision}`}>
          <Text size="sm" c="dimmed">
            The last revision that ran or was tried.
          </Text>
          <ProgressLines label="Lines of the log" lines={logs.data.lines} />
        </Section>
      )}
    </Stack>
  );
}
