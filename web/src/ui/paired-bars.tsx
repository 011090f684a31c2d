import { Group, Stack, Table, Text } from "@mantine/core";
import { DataTable } from "./data-table.tsx";
import type { Bar } from "./histogram.tsx";
import { LegendMark, pairColors } from "./legend.tsx";
import { NumberCell } from "./number-cell.tsx";
import { percentText } from "./numbers.ts";

/** Shares of categories, two for each: what was and what is. The numbers stand beside the bars. */
export function PairedBars({
  bars,
  names,
  label,
}: {
  bars: readonly Bar[];
  names: readonly [before: string, now: string];
  label: string;
}) {
  const top = Math.max(...bars.flatMap(({ before, now }) => [before, now]), Number.MIN_VALUE);
  return (
    <Stack gap={4}>
      <Group gap="md">
        <LegendMark color={pairColors.before} name={names[0]} />
        <LegendMark color={pairColors.now} name={names[1]} />
      </Group>
      <DataTable
        label={label}
        minWidth={260}
        columns={[
          "Value",
          { label: names[0], align: "right" },
          { label: names[1], align: "right" },
          { label: "Bars", hidden: true },
        ]}
      >
        {bars.map(({ label, before, now }) => (
          <Table.Tr key={label}>
            <Table.Td>
              <Text size="sm" lineClamp={2} title={label}>
                {label}
              </Text>
            </Table.Td>
            <NumberCell>{percentText(before)}</NumberCell>
            <NumberCell>{percentText(now)}</NumberCell>
            <Table.Td w="45%">
              <svg width="100%" height="16" aria-hidden="true">
                <rect width={`${(before / top) * 100}%`} height="6" y="1" fill={pairColors.before} />
                <rect width={`${(now / top) * 100}%`} height="6" y="9" fill={pairColors.now} />
              </svg>
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Stack>
  );
}
