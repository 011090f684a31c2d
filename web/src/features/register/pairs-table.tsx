import { Table } from "@mantine/core";
import { DataTable } from "../../ui/data-table.tsx";

/** Names with their values; numbers stand on the right. */
export function PairsTable({
  label,
  pairs,
  isNumeric = false,
}: {
  label: string;
  pairs: Readonly<Record<string, string | number>>;
  isNumeric?: boolean;
}) {
  return (
    <DataTable
      label={label}
      minWidth={240}
      columns={["Name", isNumeric ? { label: "Value", align: "right" } : "Value"]}
    >
      {Object.entries(pairs).map(([name, value]) => (
        <Table.Tr key={name}>
          <Table.Td>{name}</Table.Td>
          <Table.Td ta={isNumeric ? "right" : "left"}>{String(value)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
