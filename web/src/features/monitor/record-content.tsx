import { Box, Button, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { AnswerOf } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { LongText } from "../../ui/long-text.tsx";
import { bytesText, countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";

type RecordDetail = AnswerOf<"getRecord">;
type Decoded = NonNullable<RecordDetail["inputs"]>;
type Cell = Decoded["rows"][number][number];

const reasons: Record<string, string> = {
  cut: "it is longer than what is kept",
  "not-kept": "it is outside the sample",
  "no-image": "what answered is not known any more",
  empty: "it has no bytes",
  "not-json": "it is no JSON, nor another form that is read",
  "not-tabular": "it is no table of plain values",
  unfit: "it is not what the signature takes",
  "rows-differ": "there are more or fewer answers than rows",
};

/** What was asked and answered: as a table where it could be read as one, and as it came. */
export function RecordContent({ record }: { record: RecordDetail }) {
  const { inputs, predictions, undecoded } = record;
  return (
    <>
      <Section title="Values">
        {undecoded === null ? null : (
          <Text size="sm">
            {inputs === null ? "The request" : "The answer"} is not shown as columns: {reasons[undecoded] ?? undecoded}.
          </Text>
        )}
        {inputs === null && predictions === null ? null : <Values inputs={inputs} predictions={predictions} />}
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Raw
          title="Body as it came"
          text={record.body}
          encoding={record.bodyEncoding}
          size={record.bodySize}
          isCut={record.bodyTruncated}
        />
        <Raw
          title="Answer as it went"
          text={record.answer}
          encoding={record.answerEncoding}
          size={record.answerSize}
          isCut={record.answerTruncated}
        />
      </SimpleGrid>
    </>
  );
}

function Raw({
  title,
  text,
  encoding,
  size,
  isCut,
}: {
  title: string;
  text: string;
  encoding: "utf8" | "base64";
  size: number;
  isCut: boolean;
}) {
  return (
    <Section title={title}>
      {isCut ? (
        <Text size="sm">
          The first {bytesText(65_536)} of {bytesText(size)}: no more is kept.
        </Text>
      ) : null}
      {encoding === "base64" ? <Text size="sm">Bytes that are no text, as base64.</Text> : null}
      <LongText text={text} label={title} />
    </Section>
  );
}

const cellText = (cell: Cell | undefined): string => (cell === null || cell === undefined ? "–" : String(cell));

/** So many rows are shown at first. */
const fewRows = 20;

function Values({ inputs, predictions }: Pick<RecordDetail, "inputs" | "predictions">) {
  const [isWhole, setWhole] = useState(false);
  const count = Math.max(inputs?.rowCount ?? 0, predictions?.rowCount ?? 0);
  if (count === 1) return <OneRow inputs={inputs} predictions={predictions} />;
  const held = Math.max(inputs?.rows.length ?? 0, predictions?.rows.length ?? 0);
  const shown = isWhole ? held : Math.min(held, fewRows);
  const columns = [
    { label: "Row", align: "right" as const },
    ...(inputs?.columns ?? []),
    ...(predictions?.columns ?? []).map((column) => `Answer: ${column}`),
  ];
  return (
    <Stack gap="xs">
      <DataTable label="Values" columns={columns} minWidth={Math.min(6000, 90 * columns.length)}>
        {Array.from({ length: shown }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <Table.Tr key={row}>
            <Table.Td ta="right" c="dimmed">
              {row}
            </Table.Td>
            {inputs?.columns.map((column, place) => (
              <Table.Td key={column}>{cellText(inputs.rows[row]?.[place])}</Table.Td>
            ))}
            {predictions?.columns.map((column, place) => (
              <Table.Td key={column} fw={600}>
                {cellText(predictions.rows[row]?.[place])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </DataTable>
      {shown < held ? (
        <Button variant="default" size="xs" w="fit-content" onClick={() => setWhole(true)}>
          Show {held} of {countText(count)} rows
        </Button>
      ) : held < count ? (
        <Text size="sm" c="dimmed">
          The first {held} of {countText(count)} rows
        </Text>
      ) : null}
    </Stack>
  );
}

function OneRow({ inputs, predictions }: Pick<RecordDetail, "inputs" | "predictions">) {
  return (
    <>
      {predictions === null ? null : (
        <Fields
          entries={predictions.columns.map((column, place) => [
            column,
            <Text key={column} span fw={600} size="sm">
              {cellText(predictions.rows[0]?.[place])}
            </Text>,
          ])}
        />
      )}
      {inputs === null ? null : (
        <Box component="dl" m={0} className="values">
          {inputs.columns.map((column, place) => (
            <div key={column}>
              <dt title={column}>{column}</dt>
              <dd>{cellText(inputs.rows[0]?.[place])}</dd>
            </div>
          ))}
        </Box>
      )}
    </>
  );
}
