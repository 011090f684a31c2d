import { Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask, askOn } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { invokeLine } from "../../ui/invoke-line.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText, percentText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Notes } from "./drift-view.tsx";
import { type DriftReport, signalText } from "./drift-words.ts";
import { SpanChoice } from "./span-choice.tsx";

type ProfileColumn = AnswerOf<"showProfile">["columns"][number];

/** What is the matter with the values themselves, column by column, whatever their distribution. */
export function DataQualityView({
  service,
  since,
  onSince,
}: {
  service: string;
  since: string;
  onSince: (since: string) => void;
}) {
  const profile = useQuery(askOn("showProfile", { service, since }));
  // without a baseline there is nothing to compare with: what the values are is told all the same
  const drift = useQuery(ask("showDrift", { service }));
  return (
    <Section
      title="Data quality"
      actions={
        <>
          <SpanChoice value={since} onChange={onSince} />
          <CopyAs operation="showProfile" input={{ service, since }} />
        </>
      }
    >
      <Loaded query={profile}>
        {({ columns, rows }) =>
          columns.length === 0 ? (
            <Empty command={invokeLine(service)}>No rows in this time.</Empty>
          ) : (
            <Stack gap="xs">
              <Text size="sm">
                {countText(rows)} rows.{" "}
                {drift.data === undefined
                  ? drift.error === null
                    ? ""
                    : "Without a baseline there are no signals: nobody knows what to expect."
                  : "Signals are of the last window, against the baseline."}
              </Text>
              <Columns columns={columns} report={drift.data} />
              {drift.data === undefined ? null : <Notes {...drift.data} />}
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

function Columns({ columns, report }: { columns: readonly ProfileColumn[]; report: DriftReport | undefined }) {
  const compared = [...(report?.inputs.columns ?? []), ...(report?.predictions?.columns ?? [])];
  return (
    <DataTable
      label="Data quality by column"
      minWidth={820}
      columns={[
        "Column",
        "Side",
        { label: "Rows", align: "right" },
        { label: "Missing", align: "right" },
        { label: "Infinite", align: "right" },
        "Types",
        { label: "Distinct", align: "right" },
        "Signals",
      ]}
    >
      {columns.map((column) => {
        const signals = compared.find((one) => one.side === column.side && one.column === column.column)?.signals ?? [];
        return (
          <Table.Tr key={`${column.side} ${column.column}`}>
            <Table.Td maw="18rem">{column.column}</Table.Td>
            <Table.Td style={{ whiteSpace: "nowrap" }}>{column.side}</Table.Td>
            <NumberCell>{countText(column.rows)}</NumberCell>
            <NumberCell>{percentText(column.missing / Math.max(1, column.rows))}</NumberCell>
            <NumberCell>{countText(column.infinite)}</NumberCell>
            <Table.Td>{typesText(column)}</Table.Td>
            <NumberCell>{countText(column.distinct)}</NumberCell>
            <Table.Td>
              {signals.map((signal) => (
                <Text key={signal.kind} size="sm" fw={600} maw="24rem">
                  {signalText(signal)}
                </Text>
              ))}
            </Table.Td>
          </Table.Tr>
        );
      })}
    </DataTable>
  );
}

function typesText({ numbers, infinite, texts, booleans }: ProfileColumn): string {
  const all = numbers + infinite + texts + booleans;
  const found = [
    ["numbers", numbers + infinite],
    ["texts", texts],
    ["truth values", booleans],
  ] as const;
  const shown = found.filter(([, count]) => count > 0);
  if (shown.length < 2) return shown[0]?.[0] ?? "–";
  return shown.map(([name, count]) => `${percentText(count / all)} ${name}`).join(", ");
}
