import { Stack, Table, Text } from "@mantine/core";
import { type AnswerOf, useChange } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { OperationForm } from "../../ui/form/operation-form.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { measuredText } from "./alert-state.tsx";
import { ConditionHint } from "./create-alert.tsx";
import { ServiceInput } from "./service-input.tsx";

/** Looks at a condition now; nothing is kept and nobody is told. */
export function TryCondition() {
  const test = useChange("testAlert");
  return (
    <Section title="Try a condition">
      <OperationForm
        operation="testAlert"
        fields={["when", "service"]}
        initial={{ when: "p95 > 200ms over 1h" }}
        labels={{ when: "Condition" }}
        inputs={{ service: ServiceInput }}
        submit="Look now"
        pending={test.isPending}
        error={test.error}
        onSubmit={(input) => test.mutate(input)}
      >
        <ConditionHint />
      </OperationForm>
      {test.data === undefined ? null : <Verdicts result={test.data} />}
    </Section>
  );
}

const verdicts = {
  breached: { word: "holds", color: "red" },
  between: { word: "between the values", color: "yellow" },
  clear: { word: "does not hold", color: "green" },
} as const;

/** What a condition says of each service now. */
export function Verdicts({ result: { items } }: { result: AnswerOf<"testAlert"> }) {
  if (items.length === 0) return <Text size="sm">No service runs that it could watch.</Text>;
  return (
    <Stack gap={4} aria-live="polite">
      <DataTable label="What the condition says now" columns={["Service", "Now", "Seen"]} minWidth={360}>
        {items.map(({ service, verdict, measured }) => (
          <Table.Tr key={service}>
            <Table.Td>{service}</Table.Td>
            <Table.Td miw="8rem">
              <State {...verdicts[verdict]} />
            </Table.Td>
            <Table.Td>{measuredText(measured)}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Stack>
  );
}
