import { Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { AnswerOf } from "../../api.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { TextLink } from "../../ui/links.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText, percentText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { metricText } from "./metric.ts";

type Item = AnswerOf<"showQuality">["items"][number];
type Metric = Item["measured"]["metrics"][number];

const measuredWords = {
  "not-enough-labels": "Not enough labels yet: below 30 nothing is said.",
  "no-labels": "No row has a label yet.",
  "not-numbers": "Labels or predictions are no numbers, so there is no regression.",
} as const;
const estimatedWords = {
  "not-enough-rows": "Not enough rows without a label to estimate of.",
  "no-scores": "The answers have no scores to estimate of.",
  "not-probabilities": "The scores are no probabilities: with labels of 300 rows of a model they are calibrated first.",
} as const;

/** The quality of a window, or of a revision or model in it: by labels, and of the rows without any. */
export function QualityItem({ item, task, service }: { item: Item; task: string | null; service: string }) {
  const { revision, model, rows, labelled, coverage, measured, estimated } = item;
  const what = revision !== null ? `Revision ${revision}` : model === null ? "All predictions" : model || "–";
  return (
    <Section title={what}>
      <Text size="sm">
        {countText(labelled)} of {countText(rows)} predictions have a{" "}
        <TextLink inherit to="/monitor/labels" search={{ service }}>
          label
        </TextLink>
        {coverage === null ? "" : ` (${percentText(coverage)})`}
        {task === null ? "" : `; a ${task}`}.
      </Text>
      <Progress value={(coverage ?? 0) * 100} aria-label="Share of the predictions with a label" />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack gap="xs">
          <Title order={3} size="sm">
            Measured by labels
          </Title>
          {measured.state === "ok" ? (
            <Metrics label={`${what}: measured`} metrics={measured.metrics} />
          ) : (
            <Text size="sm">{measuredWords[measured.state]}</Text>
          )}
          {measured.state === "no-labels" ? (
            <CopyText
              text={`modelyard label import FILE --service ${shellWord(service)}`}
              label="command that imports labels"
            />
          ) : null}
        </Stack>
        {estimated === null ? null : (
          <Stack gap="xs">
            <Title order={3} size="sm">
              Estimated of rows without a label{estimated.calibrated ? ", scores calibrated" : ""}
            </Title>
            {estimated.state === "ok" ? (
              <Metrics label={`${what}: estimated`} metrics={estimated.metrics} />
            ) : (
              <Text size="sm">{estimatedWords[estimated.state]}</Text>
            )}
          </Stack>
        )}
      </SimpleGrid>
      {measured.byClass.length === 0 ? null : <Classes item={item} />}
    </Section>
  );
}

const interval = ({ low, high }: Metric): string =>
  low === null || high === null ? "–" : `${metricText(low)} to ${metricText(high)}`;

function Metrics({ label, metrics }: { label: string; metrics: readonly Metric[] }) {
  return (
    <DataTable
      label={label}
      minWidth={260}
      columns={["Measure", { label: "Value", align: "right" }, { label: "95 % interval", align: "right" }]}
    >
      {metrics.map((metric) => (
        <Table.Tr key={metric.name}>
          <Table.Td>{metric.name}</Table.Td>
          <NumberCell bold>{metricText(metric.value)}</NumberCell>
          <NumberCell>{interval(metric)}</NumberCell>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function Classes({ item: { measured } }: { item: Item }) {
  return (
    <DataTable
      label="By class"
      minWidth={560}
      columns={[
        "Class",
        { label: "Rows", align: "right" },
        { label: "Precision", align: "right" },
        { label: "95 % interval of precision", align: "right" },
        { label: "Recall", align: "right" },
        { label: "95 % interval of recall", align: "right" },
        { label: "F1", align: "right" },
      ]}
    >
      {measured.byClass.map(({ class: name, rows, precision, recall, f1 }) => (
        <Table.Tr key={name}>
          <Table.Td>{name}</Table.Td>
          <NumberCell>{countText(rows)}</NumberCell>
          <NumberCell bold>{metricText(precision.value)}</NumberCell>
          <NumberCell>{interval(precision)}</NumberCell>
          <NumberCell bold>{metricText(recall.value)}</NumberCell>
          <NumberCell>{interval(recall)}</NumberCell>
          <NumberCell>{metricText(f1)}</NumberCell>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
