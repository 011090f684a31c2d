import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";

const written = {
  "as-sent": "Written as they came.",
  "chosen-by-content": "Written as they came; which ones is decided by what they contain.",
  redacted: "Columns are redacted before anything is written; what cannot be read as columns is not kept.",
} as const;

const share = (rule: string): string => {
  if (rule === "all") return "Every request is kept with its answer.";
  if (rule === "off") return "No request is kept; all are counted.";
  return `${Number(rule.slice("sample:".length)) * 100} % of the requests are kept; all are counted.`;
};

/** What is kept of a service's requests, and how. */
export function RecordRules({ name }: { name: string }) {
  const query = useQuery(ask("getRecordRules", { name }));
  return (
    <Section title="What is recorded">
      <Loaded query={query}>
        {(rules) => (
          <>
            <Text size="sm">
              {share(rules.record)}
              {rules.also.length === 0 ? "" : ` Besides: ${rules.also.join(", ")}.`} {written[rules.written]}
            </Text>
            {rules.columns.length === 0 ? null : (
              <DataTable label="How columns are written" columns={["Column", "Rule", "From"]} minWidth={300}>
                {rules.columns.map(({ column, rule, from }) => (
                  <Table.Tr key={column}>
                    <Table.Td>{column}</Table.Td>
                    <Table.Td>{rule}</Table.Td>
                    <Table.Td>{from === "service" ? "the service" : "the model marks it as personal data"}</Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
