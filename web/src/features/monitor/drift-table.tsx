import { Anchor, Button, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { DataTable } from "../../ui/data-table.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText } from "../../ui/numbers.ts";
import { Sparkline } from "../../ui/sparkline.tsx";
import { State } from "../../ui/state.tsx";
import { byAttention, type DriftColumn, pText, signalText, stateColors, stateWord } from "./drift-words.ts";
import { numberText } from "./metric.ts";

/** So many columns are shown at first, those that ask for attention first. */
const fewColumns = 20;

/** The columns of one side, each in a line. */
export function DriftTable({
  label,
  columns,
  chosen,
  onChoose,
}: {
  label: string;
  columns: readonly DriftColumn[];
  chosen: DriftColumn | undefined;
  onChoose: (column: DriftColumn) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const sorted = byAttention(columns);
  const shown = isWhole ? sorted : sorted.slice(0, fewColumns);
  return (
    <Stack gap="xs">
      <DataTable
        label={label}
        minWidth={860}
        columns={[
          "Column",
          "State",
          { label: "Values", align: "right" },
          { label: "Effect", align: "right" },
          { label: "Null band", align: "right" },
          { label: "p, adjusted", align: "right" },
          "Windows",
          "Signals",
        ]}
      >
        {shown.map((column) => (
          <Table.Tr key={column.column} bg={column === chosen ? "var(--mantine-color-default-hover)" : undefined}>
            <Table.Td maw="18rem">
              <Anchor
                component="button"
                type="button"
                inherit
                ta="left"
                aria-pressed={column === chosen}
                onClick={() => onChoose(column)}
              >
                {column.column}
              </Anchor>
            </Table.Td>
            <Table.Td miw="8.5rem">
              <State word={stateWord(column.state)} color={stateColors[column.state]} />
            </Table.Td>
            <NumberCell>{countText(column.rows)}</NumberCell>
            <NumberCell>{column.effect === null ? "–" : numberText(column.effect.value)}</NumberCell>
            <NumberCell>{column.effect === null ? "–" : numberText(column.effect.band)}</NumberCell>
            <NumberCell>{column.test === null ? "–" : pText(column.test.adjustedP)}</NumberCell>
            <Table.Td>
              <Sparkline
                width={72}
                height={18}
                values={column.effects.map((value) => value ?? 0)}
                label={`Effect of ${column.column} in the windows, oldest first`}
              />
            </Table.Td>
            <Table.Td>
              {column.signals.map((signal) => (
                <Text key={signal.kind} size="sm" maw="22rem">
                  {signalText(signal)}
                </Text>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      {shown.length < sorted.length ? (
        <Button variant="default" size="xs" w="fit-content" onClick={() => setWhole(true)}>
          Show all {sorted.length} columns
        </Button>
      ) : null}
    </Stack>
  );
}
