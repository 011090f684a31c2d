import { Box, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { ask, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { CopyText } from "../../ui/copy-text.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

/** What opens scoring of a service: two keys, and short-lived tokens. */
export function ServiceKeys({ service: { name, settings } }: { service: ServiceDetail }) {
  const may = useMay();
  return (
    <Stack>
      {settings.auth === "none" ? (
        <Text size="sm">This service is open: it answers without a key. An update with auth key closes it.</Text>
      ) : null}
      {may("getServiceKeys") ? <Keys name={name} /> : null}
      <Token name={name} />
    </Stack>
  );
}

function Keys({ name }: { name: string }) {
  const [isShown, setShown] = useState(false);
  const keys = useQuery({ ...ask("getServiceKeys", { name }), enabled: isShown, gcTime: 0 });
  return (
    <Section
      title="Keys"
      actions={
        <Button variant="default" size="xs" onClick={() => setShown(!isShown)} loading={isShown && keys.isPending}>
          {isShown ? "Hide" : "Show"}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        Both are valid, so that one can be replaced while clients use the other.
      </Text>
      {keys.error === null ? null : <ErrorCard error={keys.error} />}
      {(["primary", "secondary"] as const).map((key) => (
        <Group key={key} gap="sm" align="flex-start">
          <Text size="sm" w="5.5rem" pt={4}>
            {key === "primary" ? "Primary" : "Secondary"}
          </Text>
          <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
            {isShown && keys.data !== undefined ? (
              <CopyText text={keys.data[key]} label={`${key} key`} />
            ) : (
              <Code block>mk_••••••••••••••••</Code>
            )}
          </div>
          <Regenerate name={name} which={key} />
        </Group>
      ))}
    </Section>
  );
}

function Regenerate({ name, which }: { name: string; which: "primary" | "secondary" }) {
  const may = useMay();
  const regenerate = useChange("regenerateServiceKey");
  if (!may("regenerateServiceKey")) return null;
  const input = { name, key: which };
  return (
    <Confirm
      label="Regenerate"
      title={`Regenerate the ${which} key of ${name}?`}
      operation="regenerateServiceKey"
      input={input}
      color="orange"
      pending={regenerate.isPending}
      error={regenerate.error}
      onConfirm={() => regenerate.mutateAsync(input)}
    >
      <List size="sm">
        <List.Item>Clients with the {which} key are refused at once (401), until they have the new one.</List.Item>
        <List.Item>All short-lived tokens of the service end.</List.Item>
        <List.Item>
          The {which === "primary" ? "secondary" : "primary"} key keeps working: move clients to it first.
        </List.Item>
      </List>
    </Confirm>
  );
}

function Token({ name }: { name: string }) {
  const create = useChange("createServiceToken");
  return (
    <Section title="Short-lived token">
      <Text size="sm" c="dimmed">
        Opens scoring of this service alone, for a while; it is kept nowhere and ends early when a key is regenerated.
      </Text>
      <Box maw="24rem">
        <OperationForm
          operation="createServiceToken"
          given={{ name }}
          fields={["expiresIn"]}
          labels={{ expiresIn: "Life" }}
          submit="Make a token"
          pending={create.isPending}
          error={create.error}
          onSubmit={(input) => create.mutate(input)}
        />
      </Box>
      {create.data === undefined ? null : (
        <Stack gap={4}>
          <CopyText text={create.data.token} label="token" />
          <Text size="sm">
            Shown this once. It ends <Time at={create.data.expiresAt} />.
          </Text>
        </Stack>
      )}
    </Section>
  );
}
