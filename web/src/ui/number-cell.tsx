import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A cell of a table with a number and its unit: on the right, in one line. */
export const NumberCell = ({ children, bold = false }: { children: ReactNode; bold?: boolean }) => (
  <Table.Td
    ta="right"
    {...(bold ? { fw: 600 } : {})}
    style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}
  >
    {children}
  </Table.Td>
);
