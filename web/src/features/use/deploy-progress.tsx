import { Button, Group, Loader, Text } from "@mantine/core";
import { ErrorCard } from "../../ui/error-card.tsx";
import { TextLink } from "../../ui/links.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { Section } from "../../ui/section.tsx";
import { forgetDeployment, useDeployment, useRunningDeployments } from "./deployments.ts";

/** How the deployment of a service goes that was started in this window; nothing when there is none. */
export function DeployProgress({ name }: { name: string }) {
  const deployment = useDeployment(name);
  if (deployment === undefined) return null;
  const { state, lines, error } = deployment;
  const title = { running: `Deploying ${name}`, done: `${name} is deployed`, failed: `${name} was not deployed` }[
    state
  ];
  return (
    <Section
      title={title}
      actions={
        state === "running" ? (
          <Loader size="xs" />
        ) : (
          <Button variant="default" size="xs" onClick={() => forgetDeployment(name)}>
            Close
          </Button>
        )
      }
    >
      {state === "running" ? (
        <Text size="sm" c="dimmed">
          It goes on when you leave this page, and even when you close the window.
        </Text>
      ) : null}
      {state === "failed" ? <ErrorCard error={error} /> : null}
      <ProgressLines lines={lines} label="Progress" />
    </Section>
  );
}

/** Which services are being deployed by this window, each with a link to its page. */
export function RunningDeployments() {
  const names = useRunningDeployments();
  if (names.length === 0) return null;
  return (
    <Group gap="xs" role="status">
      <Loader size="xs" />
      <Text size="sm">
        Deploying{" "}
        {names.map((name, place) => (
          <span key={name}>
            {place === 0 ? "" : ", "}
            <TextLink to="/use/services/$name" params={{ name }} underline="always">
              {name}
            </TextLink>
          </span>
        ))}
      </Text>
    </Group>
  );
}
