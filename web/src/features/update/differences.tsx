import { Box, Text } from "@mantine/core";
import type { Difference } from "../../../../src/contract/update.ts";

/** What differs, one below the other: before and after. */
export function Differences({ differences }: { differences: readonly Difference[] }) {
  return (
    <Box component="dl" m={0} fz="sm" className="differences">
      {differences.map(({ what, from, to }) => (
        <div key={what}>
          <Text component="dt" inherit c="dimmed">
            {what}
          </Text>
          <dd>
            {from === null || from === "" ? null : (
              <>
                <span>{from}</span>
                <Text component="span" inherit c="dimmed">
                  {" → "}
                </Text>
              </>
            )}
            <Text component="span" inherit fw={500}>
              {to === null || to === "" ? "none" : to}
            </Text>
          </dd>
        </div>
      ))}
    </Box>
  );
}
