import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";

const written = {
  "as-sent": "as it was sent",
  "chosen-by-content": "as it was sent; which requests is decided by what they hold",
  redacted: "column by column, by the rules below; what cannot be read as columns is not kept",
} as const;

/** What is kept of a service's requests, for how long, and how its columns are written. */
export function KeptView({ service }: { service: string }) {
  const rules = useQuery(ask("getRecordRules", { name: service }));
  const settings = useQuery(ask("getService", { name: service }));
  const kept = settings.data?.settings;
  return (
    <Section title="What is kept">
      <Loaded query={rules}>
        {({ record, also, columns, written: how }) => (
          <>
            <Fields
              entries={[
                ["Requests", record === "all" ? "all" : record === "off" ? "none; they are counted" : record],
                ["Besides", also.length === 0 ? undefined : also.join(", ")],
                ["Written", written[how]],
                ["Days", kept === undefined ? undefined : String(kept.recordDays)],
                [
                  "Limit",
                  kept === undefined ? undefined : kept.recordMb === 0 ? "none" : `${kept.recordMb} MB of files`,
                ],
                ["Collections", kept === undefined ? undefined : kept.collect],
              ]}
            />
            {columns.length === 0 ? (
              <Text size="sm">No column has a rule: values are kept as they came.</Text>
            ) : (
              <DataTable label="Rules of columns" columns={["Column", "Kept as", "Said by"]} minWidth={320}>
                {columns.map((rule) => (
                  <Table.Tr key={rule.column}>
                    <Table.Td>{rule.column}</Table.Td>
                    <Table.Td>{rule.rule}</Table.Td>
                    <Table.Td>{rule.from === "service" ? "the service" : "the model: it marks personal data"}</Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
            )}
            <CopyText
              label="Command that changes it"
              text={`modelyard service update ${shellWord(service)} --record sample:0.1 --record-days 90 --record-field income=bucket:1000`}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
