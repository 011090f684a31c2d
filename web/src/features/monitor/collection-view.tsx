import { Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type AnswerOf, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

type Entry = AnswerOf<"getCollection">["items"][number];

/** What a collection has, newest first: each call of collect() with its first rows. */
export function CollectionView(input: { service: string; collection: string; correlationId?: string }) {
  const entries = useInfiniteQuery({
    ...askPages("getCollection", { ...input, pageSize: 20 }),
    refetchInterval: 30_000,
  });
  return (
    <Loaded query={entries}>
      {({ items }) => {
        if (items.length === 0) return <Text>No entry fits.</Text>;
        return (
          <Stack>
            {items.map((entry, place) => (
              <EntryCard key={`${entry.at} ${place}`} entry={entry} />
            ))}
            <More of={entries} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function EntryCard({ entry }: { entry: Entry }) {
  const { at, revision, model, version, requestId, correlationId, rowCount, columns, rows, reason } = entry;
  return (
    <Section title={requestId ?? correlationId ?? "Entry"}>
      <Text size="sm">
        <Time at={at} />, revision {revision}
        {model === null ? "" : `, ${model}${version === null ? "" : `:${version}`}`}, {countText(rowCount)} rows
        {requestId === null ? null : (
          <>
            {", "}
            <TextLink inherit to="/monitor/records/$id" params={{ id: requestId }}>
              the request
            </TextLink>
          </>
        )}
        {reason === null ? "" : `. No rows are shown: ${reason}.`}
      </Text>
      {rows.length === 0 ? null : (
        <DataTable
          label={`Rows of ${requestId ?? correlationId ?? "the entry"}`}
          columns={columns}
          minWidth={Math.min(6000, 90 * columns.length)}
        >
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <Table.Tr key={place}>
              {columns.map((column, cell) => (
                <Table.Td key={column}>{row[cell] === null ? "–" : String(row[cell])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {rows.length < rowCount && rows.length > 0 ? (
        <Text size="sm" c="dimmed">
          The first {rows.length} of {countText(rowCount)} rows
        </Text>
      ) : null}
    </Section>
  );
}
