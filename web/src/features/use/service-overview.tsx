import { Code, Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { bytesText, countText, durationText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { RecordRules } from "./record-rules.tsx";
import { ReplicaState } from "./replica-state.tsx";
import type { ServicePartProps } from "./search.ts";
import { ServiceUsage } from "./service-usage.tsx";

/** What a service is, does and is told. */
export function ServiceOverview({ service, search, onSearch }: ServicePartProps) {
  return (
    <Stack>
      <Section title="Scoring URL">
        <CopyText text={service.scoringUri} label="scoring URL" />
        <Text size="sm" c="dimmed">
          {service.settings.auth === "none"
            ? "Open: no request needs a key."
            : "Every request needs one of the two keys, or a short-lived token, as Authorization: Bearer …"}
        </Text>
        <Group gap="md" fz="sm">
          <TextLink to="/monitor/services/$name" params={{ name: service.name }}>
            Drift, quality and profile
          </TextLink>
          <TextLink to="/monitor/records" search={{ service: service.name }}>
            Its records
          </TextLink>
        </Group>
      </Section>
      <ServiceUsage name={service.name} span={search.span ?? "24h"} onSpan={(span) => onSearch({ ...search, span })} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack miw={0}>
          <Answers service={service} />
          <Replicas service={service} />
        </Stack>
        <Stack miw={0}>
          <Limits service={service} />
          <RecordRules name={service.name} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

/** What answers: revision, image, engine. */
function Answers({ service }: { service: ServiceDetail }) {
  const { name, revision, image, models, engine, engineReason, createdAt, updatedAt } = service;
  return (
    <Section title="What answers">
      <Fields
        entries={[
          [
            "Revision",
            revision === 0 ? (
              "none yet: the first one is starting"
            ) : (
              <>
                {revision}, with all of the traffic ·{" "}
                <TextLink to="/update/services/$name" params={{ name }} underline="always">
                  all revisions
                </TextLink>
              </>
            ),
          ],
          [
            "Models",
            models.length === 0
              ? null
              : models.map((model) => <VersionLink key={model} reference={model} display="block" />),
          ],
          [
            "Image",
            <TextLink key="image" to="/use/images/$digest" params={{ digest: image }} ff="monospace">
              {image.slice(0, 12)}
            </TextLink>,
          ],
          ["Engine", `${engine} – ${engineReason}`],
          ["Created", <Time key="created" at={createdAt} />],
          ["Last change", <Time key="updated" at={updatedAt} />],
        ]}
      />
    </Section>
  );
}

function Replicas({ service: { replicas, readyReplicas, settings, state } }: { service: ServiceDetail }) {
  const wanted = state === "stopped" ? 0 : settings.replicas;
  return (
    <Section title={`Replicas: ${readyReplicas} of ${wanted} ready`}>
      {replicas.length === 0 ? (
        <Text size="sm">{state === "stopped" ? "Stopped: none is wanted." : "None is seen yet."}</Text>
      ) : (
        <DataTable
          label="Replicas"
          columns={["State", { label: "Process", align: "right" }, { label: "Restarts", align: "right" }, "Why"]}
          minWidth={320}
        >
          {replicas.map((replica, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: replicas have no name but their place
            <Table.Tr key={place}>
              <Table.Td>
                <ReplicaState state={replica.state} />
              </Table.Td>
              <Table.Td ta="right">{replica.pid ?? "in the host"}</Table.Td>
              <Table.Td ta="right">{countText(replica.restarts)}</Table.Td>
              <Table.Td>{replica.reason ?? "–"}</Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function Limits({ service: { settings } }: { service: ServiceDetail }) {
  const { env, corsOrigins } = settings;
  return (
    <Section title="Settings and limits">
      <Fields
        entries={[
          ["Runs at", settings.target],
          ["Authentication", settings.auth === "key" ? "key or token" : "none"],
          ["Replicas", settings.replicas],
          ["Memory", settings.memoryMb === 0 ? "no limit" : `${bytesText(settings.memoryMb * 1_000_000)} each`],
          ["One request", `at most ${durationText(settings.timeoutMs)}`],
          ["In the queue", `at most ${durationText(Math.min(settings.maxQueueWaitMs, settings.timeoutMs))}`],
          ["At a time", `${countText(settings.maxConcurrentRequests)} requests`],
          ["Body", `at most ${bytesText(settings.maxBodyBytes)}`],
          ["Collected data", settings.collect === "on" ? "kept" : "not kept"],
          ["Origins", corsOrigins.length === 0 ? null : corsOrigins.join(", ")],
          [
            "Variables",
            Object.keys(env).length === 0
              ? null
              : Object.entries(env).map(([key, value]) => <Code key={key} display="block">{`${key}=${value}`}</Code>),
          ],
        ]}
      />
    </Section>
  );
}
