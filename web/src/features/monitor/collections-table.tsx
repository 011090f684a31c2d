import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

/** What entry scripts collect, by service, collection and model. */
export function CollectionsTable({ filter }: { filter: { service?: string } }) {
  const collections = useInfiniteQuery({
    ...askPages("listCollections", { ...filter, pageSize: 100 }),
    refetchInterval: 30_000,
  });
  return (
    <Section title="Collections" actions={<CopyAs operation="listCollections" input={filter} />}>
      <Loaded query={collections}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty command={'inputs = ModelDataCollector("model", designation="inputs")\ninputs.collect(table)'}>
                Nothing is collected. An entry script collects tables with azureml-ai-monitoring or ModelDataCollector:
              </Empty>
            );
          return (
            <>
              <DataTable
                label="Collections"
                minWidth={760}
                columns={[
                  "Collection",
                  "Service",
                  "Model",
                  { label: "Entries", align: "right" },
                  { label: "Rows", align: "right" },
                  "Columns",
                  "First",
                  "Last",
                ]}
              >
                {items.map(({ service, collection, model, version, entries, rows, columns, firstAt, lastAt }) => (
                  <Table.Tr key={`${service} ${collection} ${model} ${version}`}>
                    <Table.Td>
                      <TextLink to="/monitor/collections/$service/$collection" params={{ service, collection }}>
                        {collection}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>{service}</Table.Td>
                    <Table.Td>{model === null ? "–" : version === null ? model : `${model}:${version}`}</Table.Td>
                    <NumberCell>{countText(entries)}</NumberCell>
                    <NumberCell>{countText(rows)}</NumberCell>
                    <Table.Td>
                      <Text size="sm" lineClamp={2}>
                        {columns.join(", ")}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Time at={firstAt} />
                    </Table.Td>
                    <Table.Td>
                      <Time at={lastAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
              <More of={collections} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
