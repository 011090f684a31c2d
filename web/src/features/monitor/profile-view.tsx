import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { askOn } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { invokeLine } from "../../ui/invoke-line.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText, percentText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { absoluteText } from "../../ui/time.tsx";
import { numberText } from "./metric.ts";
import { SpanChoice } from "./span-choice.tsx";

const numeric = ["min", "p05", "p25", "median", "p75", "p95", "max", "Mean", "Deviation"];
const show = (value: number | null | undefined) => (value === null || value === undefined ? "–" : numberText(value));

/** What the columns of requests and answers held. */
export function ProfileView({
  service,
  since,
  onSince,
}: {
  service: string;
  since: string;
  onSince: (since: string) => void;
}) {
  const input = { service, since };
  const profile = useQuery(askOn("showProfile", input));
  return (
    <Section
      title="Profile"
      actions={
        <>
          <SpanChoice value={since} onChange={onSince} />
          <CopyAs operation="showProfile" input={input} />
        </>
      }
    >
      <Loaded query={profile}>
        {({ columns, rows, from, to }) =>
          columns.length === 0 ? (
            <Empty command={invokeLine(service)}>No rows in this time.</Empty>
          ) : (
            <>
              <Text size="sm">
                {countText(rows)} rows from {absoluteText(from)} to {absoluteText(to)}
              </Text>
              <DataTable
                label="Columns"
                minWidth={1150}
                columns={[
                  "Column",
                  "Side",
                  { label: "Rows", align: "right" },
                  { label: "Missing", align: "right" },
                  ...numeric.map((label) => ({ label, align: "right" as const })),
                  { label: "Distinct", align: "right" },
                  "Most frequent",
                ]}
              >
                {columns.map(({ side, column, missing, min, max, mean, deviation, quantiles, ...of }) => (
                  <Table.Tr key={`${side} ${column}`}>
                    <Table.Td miw="8rem">{column}</Table.Td>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>{side}</Table.Td>
                    <NumberCell>{countText(of.rows)}</NumberCell>
                    <NumberCell>{percentText(missing / Math.max(1, of.rows))}</NumberCell>
                    {[
                      ...[min, quantiles?.p05, quantiles?.p25, quantiles?.p50, quantiles?.p75, quantiles?.p95],
                      ...[max, mean, deviation],
                    ].map((value, place) => (
                      <NumberCell key={numeric[place]}>{show(value)}</NumberCell>
                    ))}
                    <NumberCell>{countText(of.distinct)}</NumberCell>
                    <Table.Td miw="12rem">
                      {of.top
                        .slice(0, 3)
                        .map(({ value, share }) => `${value} ${percentText(share)}`)
                        .join(", ") || "–"}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
