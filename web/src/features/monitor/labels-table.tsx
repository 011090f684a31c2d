import { Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

export interface LabelFilter {
  service?: string;
  id?: string;
  since?: string;
}

/** What was told to be true, what changed last first. */
export function LabelsTable({ filter }: { filter: LabelFilter }) {
  const labels = useInfiniteQuery({ ...askPages("listLabels", { ...filter, pageSize: 50 }), refetchInterval: 30_000 });
  return (
    <Section title="Labels" actions={<CopyAs operation="listLabels" input={filter} />}>
      <Loaded query={labels}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty command={`modelyard label import truth.csv --service ${filter.service ?? "NAME"}`}>
                {Object.keys(filter).length === 0 ? "No label yet." : "No label fits."} A label says what the answer to
                a request should have been.
              </Empty>
            );
          return (
            <>
              <DataTable
                label="Labels"
                minWidth={680}
                columns={["Request", { label: "Row", align: "right" }, "Value", "Service", "Known", "Changed", "By"]}
              >
                {items.map((label) => (
                  <Table.Tr key={`${label.service} ${label.id} ${label.row}`}>
                    <Table.Td>
                      <TextLink to="/monitor/records/$id" params={{ id: label.id }}>
                        {label.id}
                      </TextLink>
                    </Table.Td>
                    <NumberCell>{label.row}</NumberCell>
                    <Table.Td fw={600}>{String(label.value)}</Table.Td>
                    <Table.Td>{label.service}</Table.Td>
                    <Table.Td>{label.at === null ? "–" : <Time at={label.at} />}</Table.Td>
                    <Table.Td>
                      <Time at={label.changedAt} />
                    </Table.Td>
                    <Table.Td>{label.by}</Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
              <More of={labels} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
