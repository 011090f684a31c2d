import { Group, Loader, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ask, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { ServiceState } from "../../ui/service-state.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { actionText, type Change } from "./history.ts";

/** What is being changed now; no event tells that a change began. */
export function RunningChanges() {
  const running = useQuery({ ...ask("listChanges", { outcome: "running" }), refetchInterval: 3_000 });
  const changes = running.data?.items ?? [];
  if (changes.length === 0) return null;
  return (
    <Section title="Going on now">
      <Stack gap={6}>
        {changes.map((change) => (
          <Group key={change.id} gap="xs" fz="sm" role="status">
            <Loader size="xs" />
            <ServiceLink name={change.service} />
            <span>{actionText(change).toLowerCase()}</span>
            <WhatText change={change} />
            <Text component="span" inherit c="dimmed">
              {change.by}, <Time at={change.at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

const serviceColumns = [
  "Service",
  "State",
  { label: "Revision", align: "right" },
  "Version",
  "Last change",
  "By",
  "Why",
] as const;

/** Every service with its revision, and who changed it last. */
export function ServiceRevisions() {
  const services = useInfiniteQuery(askPages("listServices", { pageSize: 100 }));
  const newest = useQuery({ ...ask("listChanges", { newest: true, pageSize: 1000 }), refetchInterval: 3_000 });
  const changeOf = new Map((newest.data?.items ?? []).map((change) => [change.service, change]));
  return (
    <Loaded query={services}>
      {({ items }) => {
        if (items.length === 0)
          return <Empty command="modelyard up model.pkl">No service yet: nothing can be updated.</Empty>;
        const isRunning = (name: string) => changeOf.get(name)?.outcome === "running";
        return (
          <>
            <DataTable label="Table of services" columns={serviceColumns} minWidth={820}>
              {items
                .toSorted((a, b) => Number(isRunning(b.name)) - Number(isRunning(a.name)))
                .map(({ name, state, revision, models }) => {
                  const change = changeOf.get(name);
                  return (
                    <Table.Tr key={name}>
                      <Table.Td>
                        <ServiceLink name={name} />
                      </Table.Td>
                      <Table.Td>
                        <ServiceState state={state} />
                      </Table.Td>
                      <Table.Td ta="right">{revision}</Table.Td>
                      <Table.Td>{models.join(", ")}</Table.Td>
                      <Table.Td>
                        {change === undefined ? "–" : <Action change={change} />}{" "}
                        {change === undefined ? null : <Time at={change.at} />}
                      </Table.Td>
                      <Table.Td>{change?.by ?? "–"}</Table.Td>
                      <Table.Td>{change?.reason ?? "–"}</Table.Td>
                    </Table.Tr>
                  );
                })}
            </DataTable>
            <More of={services} />
          </>
        );
      }}
    </Loaded>
  );
}

const changeColumns = ["When", "Service", "Change", "What", "By", "Why"] as const;

/** All changes of all services. */
export function AllChanges() {
  const changes = useInfiniteQuery(askPages("listChanges", { pageSize: 25 }));
  return (
    <Loaded query={changes}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm">Nothing was changed yet.</Text>
        ) : (
          <>
            <DataTable label="Table of changes" columns={changeColumns} minWidth={820}>
              {items.map((change) => (
                <Table.Tr key={change.id}>
                  <Table.Td>
                    <Time at={change.at} />
                  </Table.Td>
                  <Table.Td>
                    <ServiceLink name={change.service} />
                  </Table.Td>
                  <Table.Td>
                    <Action change={change} />
                  </Table.Td>
                  <Table.Td>
                    <WhatText change={change} />
                  </Table.Td>
                  <Table.Td>{change.by}</Table.Td>
                  <Table.Td>{change.reason ?? "–"}</Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
            <More of={changes} />
          </>
        )
      }
    </Loaded>
  );
}

const ServiceLink = ({ name }: { name: string }) => (
  <TextLink to="/update/services/$name" params={{ name }} fw={500} style={{ whiteSpace: "nowrap" }}>
    {name}
  </TextLink>
);

function Action({ change }: { change: Change }) {
  const text = actionText(change);
  if (change.outcome === "done") return text;
  return <State word={text} color={change.outcome === "failed" ? "red" : "blue"} />;
}

/** What changed, on a line; all of it is on the service's page. */
function WhatText({ change: { error, differences } }: { change: Change }) {
  const text =
    error ?? differences.map(({ what, from, to }) => `${what}: ${from ?? "none"} → ${to ?? "none"}`).join("; ");
  return (
    <Text component="span" inherit lineClamp={2}>
      {text || "–"}
    </Text>
  );
}
