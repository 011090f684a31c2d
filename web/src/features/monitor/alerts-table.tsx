import { Code, Group, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { absoluteText, Time } from "../../ui/time.tsx";
import { type Alert, AlertState, isSilent, worstState } from "./alert-state.tsx";
import { CreateAlert } from "./create-alert.tsx";

/** Alerts with their states, those that fire first. */
export function AlertsTable({ filter }: { filter: { service?: string; state?: "ok" | "pending" | "firing" } }) {
  const input = { ...filter, pageSize: 200 };
  const alerts = useInfiniteQuery({ ...askPages("listAlerts", input), refetchInterval: 30_000 });
  return (
    <Section
      title="Alerts"
      actions={
        <>
          <CreateAlert service={filter.service} />
          <CopyAs operation="listAlerts" input={filter} />
        </>
      }
    >
      <Loaded query={alerts}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty command="modelyard alert create slow --when 'p95 > 200ms for 5m'">
                {Object.keys(filter).length === 0 ? "No alert yet." : "No alert fits."}
              </Empty>
            );
          return (
            <>
              <DataTable
                label="Alerts"
                minWidth={720}
                columns={["State", "Alert", "Condition", "Watches", "Since", "Silence"]}
              >
                {[...items].sort(byState).map((alert) => (
                  <AlertRow key={alert.name} alert={alert} />
                ))}
              </DataTable>
              <More of={alerts} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

const order = ["firing", "pending", "ok", undefined];
const byState = (a: Alert, b: Alert) =>
  order.indexOf(worstState(a)) - order.indexOf(worstState(b)) || (a.name < b.name ? -1 : 1);

function AlertRow({ alert }: { alert: Alert }) {
  const { name, when, service, description, services, silencedUntil } = alert;
  const state = worstState(alert);
  const inState = services.filter((status) => status.state === state);
  const since = inState.length === 0 ? undefined : Math.min(...inState.map((status) => status.since));
  return (
    <Table.Tr>
      <Table.Td miw="6.5rem">
        {state === undefined ? <State word="watches nothing" /> : <AlertState state={state} />}
      </Table.Td>
      <Table.Td>
        <div>
          {" "}
          <TextLink to="/monitor/alerts/$name" params={{ name }}>
            {name}
          </TextLink>
        </div>
        {description === null ? null : (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Code>{when}</Code>
      </Table.Td>
      <Table.Td>
        {service ?? "every service"}
        {service === null && state !== undefined && state !== "ok" ? (
          <Text size="xs">
            {state}: {inState.map((status) => status.service).join(", ")}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>{since === undefined ? "–" : <Time at={since} />}</Table.Td>
      <Table.Td>
        {isSilent(alert) && silencedUntil !== null ? (
          <Group gap={4}>
            <State word="silenced" />
            <Text size="xs">until {absoluteText(silencedUntil)}</Text>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            none
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
