import { Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { AlertState, isSilent, measuredText } from "./alert-state.tsx";

const attention = ["firing", "pending"] as const;

/** What alerts tell now: those that fire, and those that will when it goes on. */
export function FiringAlerts() {
  const firing = useQuery({ ...ask("listAlerts", { state: "firing", pageSize: 1000 }), refetchInterval: 30_000 });
  const pending = useQuery({ ...ask("listAlerts", { state: "pending", pageSize: 1000 }), refetchInterval: 30_000 });
  return (
    <Section title="Alerts now" actions={<TextLink to="/monitor/alerts">All alerts</TextLink>}>
      <Loaded query={firing}>
        {({ items }) => {
          const named = new Map([...items, ...(pending.data?.items ?? [])].map((alert) => [alert.name, alert]));
          const rows = attention.flatMap((wanted) =>
            [...named.values()].flatMap((alert) =>
              alert.services.filter(({ state }) => state === wanted).map((status) => ({ alert, status })),
            ),
          );
          if (rows.length === 0) return <Text size="sm">No alert fires.</Text>;
          return (
            <DataTable label="Alerts now" columns={["State", "Alert", "Service", "Seen", "Since"]}>
              {rows.map(({ alert, status }) => (
                <Table.Tr key={`${alert.name} ${status.service}`}>
                  <Table.Td>
                    <Group gap={4}>
                      <AlertState state={status.state} />
                      {isSilent(alert) ? <State word="silenced" /> : null}
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <TextLink to="/monitor/alerts/$name" params={{ name: alert.name }}>
                      {alert.name}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>
                    <TextLink to="/monitor/services/$name" params={{ name: status.service }}>
                      {status.service}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{measuredText(status.measured)}</Table.Td>
                  <Table.Td>
                    <Time at={status.since} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          );
        }}
      </Loaded>
    </Section>
  );
}
