import { Stack, Switch, Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { type AnswerOf, ask } from "../../../api.ts";
import { DataTable } from "../../../ui/data-table.tsx";
import { ErrorCard } from "../../../ui/error-card.tsx";
import { Loaded } from "../../../ui/loaded.tsx";
import { bytesText } from "../../../ui/numbers.ts";
import { Section } from "../../../ui/section.tsx";
import { State } from "../../../ui/state.tsx";
import { shapeText } from "../shape-text.ts";
import { compareValues, differenceText, factsOf, fieldsOf, filesOf, type Row, type Standing } from "./compare.ts";

type Version = AnswerOf<"getModel">;
interface Chosen {
  name: string;
  version: number;
}

/** Rows of one table that are shown: versions may have ten thousand files. */
const mostRows = 500;

/** What differs between two versions, part by part. */
export function Differences({ a, b }: { a: Chosen; b: Chosen }) {
  const [left, right] = useQueries({ queries: [ask("getModel", a), ask("getModel", b)] });
  const [isWhole, setWhole] = useState(false);
  if (left.error !== null && left.data === undefined) return <ErrorCard error={left.error} />;
  return (
    <Loaded query={left}>
      {(a) => (
        <Loaded query={right}>
          {(b) => (
            <Stack>
              <Switch
                label="Also show what is the same"
                checked={isWhole}
                onChange={(event) => setWhole(event.currentTarget.checked)}
              />
              <Parts a={a} b={b} isWhole={isWhole} />
            </Stack>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface Part {
  title: string;
  rows: readonly Row[];
  /** Values are numbers, whose difference is told. */
  isNumeric?: boolean;
  /** Values are digests, whose beginning is enough. */
  isShort?: boolean;
}

const partsOf = (a: Version, b: Version): Part[] => [
  { title: "Metrics", rows: compareValues(a.metrics, b.metrics), isNumeric: true },
  { title: "Parameters", rows: compareValues(a.params, b.params) },
  { title: "Overview", rows: compareValues(factsOf(a, bytesText), factsOf(b, bytesText)) },
  { title: "Signature", rows: compareValues(fieldsOf(a, shapeText), fieldsOf(b, shapeText)) },
  { title: "Files", rows: compareValues(filesOf(a), filesOf(b)), isShort: true },
  { title: "Tags", rows: compareValues(a.tags, b.tags) },
  { title: "Properties", rows: compareValues(a.properties, b.properties) },
];

function Parts({ a, b, isWhole }: { a: Version; b: Version; isWhole: boolean }) {
  const parts = partsOf(a, b);
  const [none, some] = [parts.filter(({ rows }) => rows.length === 0), parts.filter(({ rows }) => rows.length > 0)];
  const isSame = ({ rows }: Part) => rows.every(({ standing }) => standing === "same");
  const same = isWhole ? [] : some.filter(isSame);
  const titles = (parts: readonly Part[]) => parts.map(({ title }) => title.toLowerCase()).join(", ");
  return (
    <>
      {some
        .filter((part) => isWhole || !isSame(part))
        .map(({ rows, ...part }) => (
          <PartTable
            key={part.title}
            part={{ ...part, rows: isWhole ? rows : rows.filter(({ standing }) => standing !== "same") }}
            labels={[labelOf(a.reference, "First"), labelOf(b.reference, "Second")]}
          />
        ))}
      <Text size="sm" c="dimmed">
        {same.length === 0 ? "" : `The same in both: ${titles(same)}. `}
        {none.length === 0 ? "" : `Neither has ${titles(none)}.`}
      </Text>
    </>
  );
}

/** A column's heading: a long reference would push the table wide. */
const labelOf = (reference: string, place: string): string => (reference.length > 30 ? place : reference);

function PartTable({
  part: { title, rows, isNumeric = false, isShort = false },
  labels,
}: {
  part: Part;
  labels: readonly [string, string];
}) {
  const align = isNumeric ? ({ align: "right" } as const) : {};
  const shown = (value: string | undefined) => (isShort ? value?.slice(0, 12) : value) ?? "–";
  return (
    <Section title={title}>
      <DataTable
        label={title}
        minWidth={560}
        columns={[
          "Name",
          ...labels.map((label) => ({ label, ...align })),
          { label: isNumeric ? "Difference" : "What differs", ...align },
        ]}
      >
        {rows.slice(0, mostRows).map((row) => (
          <Table.Tr key={row.name}>
            <Table.Td>{row.name}</Table.Td>
            <Table.Td ta={align.align}>{shown(row.a)}</Table.Td>
            <Table.Td ta={align.align}>{shown(row.b)}</Table.Td>
            <Table.Td ta={align.align} miw="9rem">
              {isNumeric ? differenceText(row) : <State {...words[row.standing]} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      {rows.length > mostRows ? (
        <Text size="sm" c="dimmed">
          The first {mostRows} of {rows.length}.
        </Text>
      ) : null}
    </Section>
  );
}

const words: Record<Standing, { word: string; color?: string }> = {
  same: { word: "Same" },
  changed: { word: "Changed", color: "orange" },
  "only a": { word: "Only in the first", color: "cyan" },
  "only b": { word: "Only in the second", color: "cyan" },
};
