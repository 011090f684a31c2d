import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { countText, percentText, shortText } from "../../ui/numbers.ts";
import { figuresOf, type Standing, type Unknown } from "./standing.ts";

/** How all of it does, in four numbers. */
export function Figures({
  standings,
  firing,
  unknown,
}: {
  standings: readonly Standing[];
  /** Undefined while it is not known. */
  firing: number | undefined;
  unknown: Unknown;
}) {
  const { states, asked } = figuresOf(standings);
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" component="dl" m={0}>
      <Figure label="Services" value={countText(standings.length)} more={states.join(", ")} />
      {asked === undefined ? (
        <>
          <Figure label="Requests, 24 h" value={unknown.usage} />
          <Figure label="Errors, 24 h" value={unknown.usage} />
        </>
      ) : (
        <Asked {...asked} />
      )}
      {firing === undefined ? (
        <Figure label="Alerts" value={unknown.alerts} />
      ) : (
        <Figure
          label="Alerts"
          value={countText(firing)}
          more={firing === 0 ? "none fires" : "firing"}
          isBad={firing > 0}
        />
      )}
    </SimpleGrid>
  );
}

function Asked({ requests, errors }: { requests: number; errors: number }) {
  return (
    <>
      <Figure
        label="Requests, 24 h"
        value={shortText(requests)}
        more={`${countText(requests / 24 < 10 ? Math.round((requests / 24) * 10) / 10 : Math.round(requests / 24))} an hour`}
      />
      <Figure
        label="Errors, 24 h"
        value={requests === 0 ? "–" : percentText(errors / requests)}
        more={`${countText(errors)} of ${countText(requests)}`}
      />
    </>
  );
}

function Figure({
  label,
  value,
  more = "\u00a0",
  isBad = false,
}: {
  label: string;
  value: string;
  more?: ReactNode;
  isBad?: boolean;
}) {
  return (
    <Paper px="md" py="xs">
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fz="1.5rem" lh={1.3} fw={600} {...(isBad ? { c: "red" } : {})}>
        {value}
      </Text>
      <Text component="dd" m={0} size="sm" c="dimmed">
        {more}
      </Text>
    </Paper>
  );
}
