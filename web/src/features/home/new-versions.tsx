import { Group, Stack, Text } from "@mantine/core";
import type { AnswerOf } from "../../api.ts";
import { TextLink } from "../../ui/links.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";

/** What was registered last. */
export function NewVersions({ versions }: { versions: AnswerOf<"listModels">["items"] }) {
  return (
    <Section
      title="New versions"
      actions={
        <TextLink to="/register" fz="sm">
          All models
        </TextLink>
      }
    >
      <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
        {versions.map(({ reference, framework, aliases, createdAt, createdBy }) => (
          <Group key={reference} component="li" justify="space-between" gap="0 1rem" fz="sm">
            <Group gap={6} style={{ flex: "1 1 10rem", minWidth: 0 }}>
              <VersionLink reference={reference} />
              {framework === null ? null : (
                <Text component="span" inherit c="dimmed">
                  {framework}
                </Text>
              )}
              {aliases.map((alias) => (
                <State key={alias} word={`@${alias}`} color="cyan" />
              ))}
            </Group>
            <Text component="span" inherit c="dimmed">
              {createdBy}, <Time at={createdAt} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
