import { Code, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type AnswerOf, askPages } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { bytesText, countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { CreateDataset } from "./create-dataset.tsx";

type Dataset = AnswerOf<"listDatasets">["items"][number];

/** Data sets, newest first. */
export function DatasetsTable({ filter }: { filter: { service?: string } }) {
  const datasets = useInfiniteQuery(askPages("listDatasets", { ...filter, pageSize: 100 }));
  return (
    <Section
      title="Data sets"
      actions={
        <>
          <CreateDataset service={filter.service} />
          <CopyAs operation="listDatasets" input={filter} />
        </>
      }
    >
      <Loaded query={datasets}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty
                command={`modelyard dataset create NAME --service ${shellWord(filter.service ?? "SERVICE")} --since 30d --labels required`}
              >
                No data set yet: an immutable file of recorded rows with their labels, to train on.
              </Empty>
            );
          return (
            <>
              <DatasetRows items={items} />
              <More of={datasets} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

export function DatasetRows({ items }: { items: readonly Dataset[] }) {
  return (
    <DataTable
      label="Data sets"
      minWidth={760}
      columns={[
        "Name",
        "Digest",
        "State",
        { label: "Rows", align: "right" },
        { label: "Size", align: "right" },
        "Format",
        "Service",
        "Created",
        "By",
      ]}
    >
      {items.map(({ name, digest, state, rows, size, format, service, createdAt, createdBy }) => (
        <Table.Tr key={`${name} ${digest}`}>
          <Table.Td miw="8rem">
            <TextLink to="/monitor/datasets/$name" params={{ name }} search={{ digest: digest.slice(0, 12) }}>
              {name}
            </TextLink>
          </Table.Td>
          <Table.Td>
            <Code title={digest} style={{ whiteSpace: "nowrap" }}>
              {digest.slice(0, 12)}
            </Code>
          </Table.Td>
          <Table.Td miw="5.5rem">
            <DatasetState state={state} />
          </Table.Td>
          <NumberCell>{countText(rows)}</NumberCell>
          <NumberCell>{bytesText(size)}</NumberCell>
          <Table.Td>{format}</Table.Td>
          <Table.Td>{service}</Table.Td>
          <Table.Td>
            <Time at={createdAt} />
          </Table.Td>
          <Table.Td>{createdBy}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

export const DatasetState = ({ state }: { state: Dataset["state"] }) => (
  <State word={state} color={state === "ready" ? "green" : "gray"} />
);
