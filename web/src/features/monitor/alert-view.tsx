import { Button, Code, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask, useChange } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { absoluteText, Time } from "../../ui/time.tsx";
import { type Alert, AlertState, isSilent, measuredText } from "./alert-state.tsx";
import { Verdicts } from "./try-condition.tsx";

/** An alert: what it watches, its state for each service, and what it told. */
export function AlertView({ alert }: { alert: Alert }) {
  return (
    <>
      <AlertFacts alert={alert} />
      <States alert={alert} />
      <History name={alert.name} />
    </>
  );
}

function AlertFacts({ alert }: { alert: Alert }) {
  const { name, when, service, description, silencedUntil, silenceReason, createdAt, createdBy } = alert;
  const test = useChange("testAlert");
  return (
    <Section
      title="Condition"
      actions={
        <>
          <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate({ name })}>
            Look now
          </Button>
          <CopyAs operation="testAlert" input={{ name }} />
        </>
      }
    >
      <Fields
        entries={[
          ["Holds when", <Code key="when">{when}</Code>],
          ["Watches", service ?? "every service, each by itself"],
          ["Description", description],
          [
            "Silence",
            isSilent(alert) && silencedUntil !== null
              ? `until ${absoluteText(silencedUntil)}${silenceReason === null ? "" : `: ${silenceReason}`}`
              : "none",
          ],
          [
            "Created",
            <span key="created">
              <Time at={createdAt} /> by {createdBy}
            </span>,
          ],
        ]}
      />
      {test.error === null ? null : <ErrorCard error={test.error} />}
      {test.data === undefined ? null : <Verdicts result={test.data} />}
    </Section>
  );
}

function States({ alert: { services } }: { alert: Alert }) {
  return (
    <Section title="State by service">
      {services.length === 0 ? (
        <Text size="sm">
          It was not looked at yet, or no service runs that it watches. It is looked at every half minute.
        </Text>
      ) : (
        <DataTable label="State by service" columns={["Service", "State", "Since", "Last seen", "Looked at"]}>
          {services.map(({ service, state, since, measured, evaluatedAt }) => (
            <Table.Tr key={service}>
              <Table.Td>
                <TextLink to="/monitor/services/$name" params={{ name: service }}>
                  {service}
                </TextLink>
              </Table.Td>
              <Table.Td>
                <AlertState state={state} />
              </Table.Td>
              <Table.Td>
                <Time at={since} />
              </Table.Td>
              <Table.Td>{measuredText(measured)}</Table.Td>
              <Table.Td>
                <Time at={evaluatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Section>
  );
}

/** What it told, newest first, from the events of the server. */
function History({ name }: { name: string }) {
  const input = { type: "alert", subject: `alerts/${name}`, pageSize: 100 };
  const events = useQuery({ ...ask("listEvents", input), refetchInterval: 30_000 });
  return (
    <Section title="What it told" actions={<CopyAs operation="listEvents" input={input} />}>
      <Loaded query={events}>
        {({ items }) => (
          <DataTable label="What the alert told" columns={["When", "What", "Service", "Seen", "By"]}>
            {[...items].reverse().map(({ id, time, type, data, actor }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Time at={Date.parse(time)} />
                </Table.Td>
                <Table.Td>{type.replace("modelyard.alert.", "")}</Table.Td>
                <Table.Td>{textOf(data.service)}</Table.Td>
                <Table.Td>{textOf(data.text)}</Table.Td>
                <Table.Td>{actor}</Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Loaded>
    </Section>
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "–");
