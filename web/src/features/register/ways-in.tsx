import { Code, Stack, Text, Title } from "@mantine/core";
import { useMay } from "../../session.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Section } from "../../ui/section.tsx";

/** How the first model comes in: by this page, the command line, or a client of MLflow. */
export function WaysIn() {
  const may = useMay();
  return (
    <Section title="No models yet">
      <Stack gap="md">
        {may("registerModel") ? (
          <Stack gap="xs" align="flex-start">
            <Title order={3} size="h4">
              Here
            </Title>
            <Text size="sm">Choose a file or a folder; a pickle, an ONNX file, or what MLflow saved.</Text>
            <ButtonLink to="/register/upload" size="xs">
              Upload a model
            </ButtonLink>
          </Stack>
        ) : null}
        <Stack gap="xs">
          <Title order={3} size="h4">
            By the command line
          </Title>
          <CopyText label="Command that registers a model" text="modelyard model register model.pkl --name digits" />
        </Stack>
        <Stack gap="xs">
          <Title order={3} size="h4">
            From MLflow
          </Title>
          <Text size="sm">
            Point its client at this server, with a token in <Code>MLFLOW_TRACKING_TOKEN</Code>. Log and register as you
            do elsewhere.
          </Text>
          <CopyText
            label="Setting of the MLflow client"
            text={`export MLFLOW_TRACKING_URI=${window.location.origin}`}
          />
        </Stack>
      </Stack>
    </Section>
  );
}
