import { Box, Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";

/** Names with what they are, one below the other; what is null or undefined is left out. */
export function Fields({ entries }: { entries: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <Box
      component="dl"
      m={0}
      fz="sm"
      style={{
        display: "grid",
        gridTemplateColumns: "minmax(6rem, max-content) minmax(0, 1fr)",
        columnGap: "1rem",
        rowGap: "0.35rem",
      }}
    >
      {entries
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([label, value]) => (
          <Fragment key={label}>
            <Text component="dt" size="sm" c="dimmed" maw="12rem">
              {label}
            </Text>
            <Box component="dd" m={0}>
              {value}
            </Box>
          </Fragment>
        ))}
    </Box>
  );
}
