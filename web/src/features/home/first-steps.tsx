import { Group, Stack, Text } from "@mantine/core";
import { useMay } from "../../session.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Section } from "../../ui/section.tsx";

const ways = [
  {
    about: "Register a model file, deploy it and send it its first request, in one go:",
    command: "modelyard up model.pkl",
  },
  { about: "Only register it:", command: "modelyard model register model.pkl --name my-model" },
  { about: "Make a service of what is registered:", command: "modelyard service deploy my-service --model my-model" },
];

/** What stands on an empty server: how it is filled. */
export function FirstSteps() {
  const may = useMay();
  return (
    <Section title="Nothing is here yet">
      <Text>These three commands fill it. This page shows what they do while they do it.</Text>
      <Stack gap="md">
        {ways.map(({ about, command }) => (
          <Stack key={command} gap={4}>
            <Text size="sm">{about}</Text>
            <CopyText text={command} label={command} />
          </Stack>
        ))}
      </Stack>
      {may("registerModel") ? (
        <Group gap={6}>
          <Text size="sm">
            Or without a command line: <TextLink to="/register/upload">upload a model in this browser</TextLink>
          </Text>
        </Group>
      ) : null}
    </Section>
  );
}
