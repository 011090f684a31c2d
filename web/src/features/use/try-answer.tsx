import { Group, ScrollArea, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import type { AnswerOf } from "../../api.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { durationText } from "../../ui/numbers.ts";
import { State } from "../../ui/state.tsx";
import { prettyJson, tableOfAnswer } from "./answer.ts";

/** The answer to a request that was tried. */
export function TryAnswer({
  service: { name, engine, revision, settings },
  language,
  answer: { status, requestId, durationMs, answer },
}: {
  service: ServiceDetail;
  language: SpokenLanguage;
  answer: AnswerOf<"invokeService">;
}) {
  const table = status < 400 ? tableOfAnswer(language, answer) : null;
  const [isText, setText] = useState(false);
  return (
    <Stack gap="sm" aria-live="polite">
      <Group gap="xs">
        <State word={`Status ${status}`} color={status < 400 ? "green" : status < 500 ? "orange" : "red"} />
        <Text size="sm">
          {durationText(durationMs)} · {engine} · revision {revision}
        </Text>
      </Group>
      {table === null ? null : (
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label="How the answer is shown"
          data={["Table", "Text"]}
          value={isText ? "Text" : "Table"}
          onChange={(shown) => setText(shown === "Text")}
        />
      )}
      {table === null || isText ? (
        <ScrollArea.Autosize mah="50vh">
          <CopyText text={prettyJson(answer)} label="answer" />
        </ScrollArea.Autosize>
      ) : (
        <DataTable
          label="Rows of the answer"
          columns={[
            { label: "Row", align: "right" },
            ...table.columns.map((label) => ({ label, align: "right" as const })),
          ]}
          minWidth={Math.min(900, 60 + table.columns.length * 80)}
        >
          {table.rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <Table.Tr key={place}>
              <Table.Td ta="right">{place + 1}</Table.Td>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor have their cells
                <Table.Td key={column} ta="right">
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </DataTable>
      )}
      <Fields
        entries={[
          ["Request id", requestId],
          [
            "Record",
            settings.record === "off" ? (
              "not kept: this service keeps no records"
            ) : (
              <>
                <TextLink to="/monitor/records/$id" params={{ id: requestId }} underline="always">
                  its record
                </TextLink>{" "}
                appears within seconds{settings.record === "all" ? "" : ", if it is kept"}
              </>
            ),
          ],
          [
            "Log",
            <TextLink
              key="log"
              size="sm"
              to="/use/services/$name"
              params={{ name }}
              search={{ tab: "logs", request: requestId }}
            >
              what its worker wrote
            </TextLink>,
          ],
        ]}
      />
    </Stack>
  );
}
