import { Button, Group, NumberInput, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AnswerOf, ask, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { labelValue } from "./label-value.ts";

/** What was true of a record, as far as it is known, and a way to tell it. */
export function RecordLabels({ record: { service, id, predictions } }: { record: AnswerOf<"getRecord"> }) {
  const labels = useQuery(ask("listLabels", { service, id, pageSize: 200 }));
  const may = useMay();
  const answered = (row: number) => {
    const values = predictions?.rows[row];
    return values === undefined ? "–" : values.map(String).join(", ");
  };
  return (
    <Section title="What was true">
      <Loaded query={labels}>
        {({ items, nextPageToken }) =>
          items.length === 0 ? (
            <Text size="sm">No label yet.</Text>
          ) : (
            <>
              <DataTable
                label="Labels"
                minWidth={420}
                columns={[{ label: "Row", align: "right" }, "True", "Answered", "Told", "By"]}
              >
                {[...items]
                  .sort((a, b) => a.row - b.row)
                  .map((label) => (
                    <Table.Tr key={label.row}>
                      <NumberCell>{label.row}</NumberCell>
                      <Table.Td fw={600}>{String(label.value)}</Table.Td>
                      <Table.Td>{answered(label.row)}</Table.Td>
                      <Table.Td>
                        <Time at={label.changedAt} />
                      </Table.Td>
                      <Table.Td>{label.by}</Table.Td>
                    </Table.Tr>
                  ))}
              </DataTable>
              {nextPageToken === null ? null : <Text size="sm">The first 200 are shown.</Text>}
            </>
          )
        }
      </Loaded>
      {may("addLabels") ? <AddLabel service={service} id={id} rows={predictions?.rowCount ?? 1} /> : null}
    </Section>
  );
}

function AddLabel({ service, id, rows }: { service: string; id: string; rows: number }) {
  const add = useChange("addLabels");
  const [value, setValue] = useState("");
  const [row, setRow] = useState(0);
  const input = { service, id, value: labelValue(value), ...(row === 0 ? {} : { row }) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== "") add.mutate(input, { onSuccess: () => setValue("") });
      }}
    >
      <Stack gap="xs">
        <Group gap="sm" align="flex-end">
          <TextInput
            size="xs"
            label="True value"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            w="12rem"
            maxLength={10_000}
          />
          {rows > 1 ? (
            <NumberInput
              size="xs"
              label="Row"
              w="6rem"
              min={0}
              max={rows - 1}
              value={row}
              onChange={(given) => setRow(Number(given) || 0)}
            />
          ) : null}
          <Button type="submit" size="xs" loading={add.isPending} disabled={value === ""}>
            Add label
          </Button>
          <CopyAs operation="addLabels" input={input} />
        </Group>
        {add.error === null ? null : <ErrorCard error={add.error} />}
      </Stack>
    </form>
  );
}
