import { Box, Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";

interface Column {
  label: string;
  /** Numbers stand on the right, under their heading. */
  align?: "right";
  /** The heading is for assistive technology only: what stands below says it by itself. */
  hidden?: boolean;
}

/**
 * A table whose rows are its children. Where the screen is narrower than `minWidth` it scrolls sideways by itself, also by keyboard, and the
 * page does not; a shade stands at the edge behind which there is more.
 */
export function DataTable({
  label,
  columns,
  minWidth = 480,
  children,
}: {
  label: string;
  columns: readonly (string | Column)[];
  minWidth?: number;
  children: ReactNode;
}) {
  return (
    <Box className="scrolls-sideways" role="group" aria-label={label} tabIndex={0}>
      <Table verticalSpacing={6} style={{ minWidth }}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => {
              const { label, align, hidden = false } = typeof column === "string" ? { label: column } : column;
              return (
                <Table.Th
                  key={label}
                  ta={align ?? "left"}
                  miw={hidden || align ? undefined : "6rem"}
                  style={{ whiteSpace: "nowrap" }}
                >
                  {hidden ? <VisuallyHidden>{label}</VisuallyHidden> : label}
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Box>
  );
}
