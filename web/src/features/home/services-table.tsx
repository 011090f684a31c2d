import { Group, Table, Text } from "@mantine/core";
import { DataTable } from "../../ui/data-table.tsx";
import { TextLink } from "../../ui/links.tsx";
import { countText, durationText, percentText, shortText } from "../../ui/numbers.ts";
import { ServiceState } from "../../ui/service-state.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import type { Change, Standing, Unknown, Usage } from "./standing.ts";

const columns = [
  "Service",
  "State",
  "Version",
  { label: "Requests, 24 h", align: "right" },
  { label: "Errors", align: "right" },
  { label: "p95", align: "right" },
  "Last change",
] as const;

/** What is live, how it does, and what changed last: a line for each service. */
export function ServicesTable({ standings, unknown }: { standings: readonly Standing[]; unknown: Unknown }) {
  return (
    <DataTable label="Table of services" columns={columns} minWidth={900}>
      {standings.map(({ service, usage, change, firing }) => (
        <Table.Tr key={service.name}>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <TextLink to="/use/services/$name" params={{ name: service.name }} fw={500}>
              {service.name}
            </TextLink>
          </Table.Td>
          <Table.Td>
            <Group gap={4}>
              <ServiceState state={service.state} />
              {firing.map((alert) => (
                <State key={alert} word={`alert ${alert}`} color="red" />
              ))}
            </Group>
          </Table.Td>
          <Table.Td>
            {service.models.length === 0
              ? "–"
              : service.models.map((reference) => (
                  <div key={reference}>
                    <VersionLink reference={reference} c="inherit" />
                  </div>
                ))}
          </Table.Td>
          {usage === undefined ? (
            ["requests", "errors", "p95"].map((member) => (
              <Table.Td key={member} ta="right" c="dimmed">
                {unknown.usage}
              </Table.Td>
            ))
          ) : (
            <UsageCells usage={usage} service={service.name} />
          )}
          <Table.Td>{change ? <LastChange change={change} /> : change === null ? "–" : unknown.changes}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function UsageCells({ usage, service }: { usage: Usage | null; service: string }) {
  return (
    <>
      <Table.Td ta="right">
        <Series usage={usage} member="requests" service={service}>
          {shortText(usage?.requests ?? 0)}
        </Series>
      </Table.Td>
      <Table.Td ta="right">
        <Series usage={usage} member="errors" service={service}>
          {usage === null || usage.requests === 0 ? "–" : percentText(usage.errors / usage.requests)}
        </Series>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {usage?.p95Ms == null ? "–" : durationText(usage.p95Ms)}
      </Table.Td>
    </>
  );
}

function Series({
  usage,
  member,
  service,
  children,
}: {
  usage: Usage | null;
  member: "requests" | "errors";
  service: string;
  children: string;
}) {
  const values = (usage?.series ?? []).map((point) => point[member]);
  const isShown = values.some((value) => value > 0);
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap" {...(member === "errors" && isShown ? { c: "red" } : {})}>
      {isShown ? (
        <Sparkline
          values={values}
          width={72}
          height={20}
          label={`${member} of ${service} by the hour, at most ${countText(Math.max(...values))}`}
        />
      ) : null}
      <Text component="span" inherit miw="3.2em">
        {children}
      </Text>
    </Group>
  );
}

const words: Record<Change["action"], string> = {
  deploy: "deployed",
  update: "updated",
  "roll-back": "rolled back",
  stop: "stopped",
  start: "started",
  delete: "deleted",
  "regenerate-key": "key replaced",
};

function LastChange({ change: { service, action, outcome, by, at } }: { change: Change }) {
  return (
    <>
      <TextLink to="/update/services/$name" params={{ name: service }} c="inherit">
        {outcome === "done" ? words[action] : `${action.replace("-", " ")} ${outcome}`}
      </TextLink>{" "}
      <Text component="span" inherit c="dimmed">
        by {by}, <Time at={at} />
      </Text>
    </>
  );
}
