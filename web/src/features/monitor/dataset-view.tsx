import { Code, SimpleGrid, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask } from "../../api.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { bytesText, countText, percentText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { absoluteText, Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { DatasetRows, DatasetState } from "./datasets-table.tsx";
import { droppedText } from "./record-flow.tsx";
import { VersionLinks } from "./step-links.tsx";

type Detail = AnswerOf<"getDataset">;

/** What a data set holds, where its rows come from, and what was trained on it. */
export function DatasetView({ dataset }: { dataset: Detail }) {
  return (
    <>
      {dataset.state === "erased" ? (
        <Text>
          It held a record that was erased{dataset.erasedAt === null ? "" : ` (${absoluteText(dataset.erasedAt)})`}: its
          bytes are gone, this description stays. Rebuild asks the same again, without the record.
        </Text>
      ) : null}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Content dataset={dataset} />
        <Lineage dataset={dataset} />
      </SimpleGrid>
      <Columns columns={dataset.columns} />
      <Others name={dataset.name} />
    </>
  );
}

function Content({ dataset }: { dataset: Detail }) {
  const { digest, state, rows, requests, size, format, labels, weights, skipped, createdAt, createdBy } = dataset;
  return (
    <Section title="Content">
      <Fields
        entries={[
          ["State", <DatasetState key="state" state={state} />],
          ["SHA-256", <Code key="digest">{digest}</Code>],
          ["Rows", `${countText(rows)}, from ${countText(requests)} requests`],
          ["Labels", `${countText(labels.rows)} rows (${percentText(labels.coverage)})`],
          ["Size", `${bytesText(size)}, ${format}`],
          [
            "Sample",
            weights.chosen === weights.requests
              ? "all that fit"
              : `${countText(weights.chosen)} of ${countText(weights.requests)} requests that fit`,
          ],
          ["Left out", droppedText(skipped)],
          [
            "Created",
            <span key="created">
              <Time at={createdAt} /> by {createdBy}
            </span>,
          ],
        ]}
      />
      {state === "ready" ? (
        <CopyText
          label="command that pulls it"
          text={`modelyard dataset pull ${shellWord(`${dataset.name}@${digest.slice(0, 12)}`)}`}
        />
      ) : null}
    </Section>
  );
}

function Lineage({ dataset: { query, models, versions, rebuiltFrom, name } }: { dataset: Detail }) {
  return (
    <Section title="Lineage">
      <Fields
        entries={[
          [
            "Service",
            <TextLink key="service" inherit to="/monitor/services/$name" params={{ name: query.service }}>
              {query.service}
            </TextLink>,
          ],
          ["Requests", `${absoluteText(query.since)} to ${absoluteText(query.until)}`],
          ["Model", query.model ?? "any"],
          ["Rows without a label", query.labels === "required" ? "left out" : "kept"],
          ["Sample", query.sample ?? "none: all"],
          [
            "Rebuilt from",
            rebuiltFrom === null ? undefined : (
              <TextLink
                key="from"
                inherit
                to="/monitor/datasets/$name"
                params={{ name }}
                search={{ digest: rebuiltFrom.slice(0, 12) }}
              >
                {rebuiltFrom.slice(0, 12)}
              </TextLink>
            ),
          ],
          ["Trained on it", versions.length === 0 ? "no version" : <VersionLinks key="versions" models={versions} />],
        ]}
      />
      <DataTable
        label="What made the predictions"
        minWidth={300}
        columns={["Model", { label: "Revision", align: "right" }, { label: "Rows", align: "right" }]}
      >
        {models.map(({ model, revision, rows }) => (
          <Table.Tr key={`${model} ${revision}`}>
            <Table.Td>
              <VersionLink inherit reference={model} />
            </Table.Td>
            <NumberCell>{revision}</NumberCell>
            <NumberCell>{countText(rows)}</NumberCell>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}

function Columns({ columns }: { columns: Detail["columns"] }) {
  return (
    <Section title="Columns">
      <DataTable
        label="Columns"
        minWidth={360}
        columns={["Name", "Role", "Type", { label: "Missing", align: "right" }]}
      >
        {columns.map(({ name, role, type, missing }) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>{role}</Table.Td>
            <Table.Td>{type}</Table.Td>
            <NumberCell>{countText(missing)}</NumberCell>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}

function Others({ name }: { name: string }) {
  const others = useQuery(ask("listDatasets", { name, pageSize: 100 }));
  return (
    <Section title="All under this name">
      <Loaded query={others}>{({ items }) => <DatasetRows items={items} />}</Loaded>
    </Section>
  );
}
