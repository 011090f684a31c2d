import { Box, Group, Text } from "@mantine/core";
import { LegendMark, pairColors } from "./legend.tsx";
import { percentText } from "./numbers.ts";

export interface Bar {
  /** What the bar holds, such as `3 to 4`. */
  label: string;
  /** Shares of 1. */
  before: number;
  now: number;
}

/** Two spreads of numbers side by side, bin by bin: outlined what was, filled what is. `ends` are written below, at the left and the right. */
export function Histogram({
  bars,
  names,
  ends,
  summary,
  height = 180,
}: {
  bars: readonly Bar[];
  names: readonly [before: string, now: string];
  ends: readonly [left: string, right: string];
  /** What a reader who cannot see the bars is told. */
  summary: string;
  height?: number;
}) {
  const top = Math.max(...bars.flatMap(({ before, now }) => [before, now]), Number.MIN_VALUE);
  const width = 100 / Math.max(1, bars.length);
  const bar = (share: number, x: number, isNow: boolean) => (
    <rect
      x={`${x}%`}
      y={height - (share / top) * (height - 4)}
      width={`${width * 0.42}%`}
      height={(share / top) * (height - 4)}
      fill={isNow ? pairColors.now : pairColors.before}
    />
  );
  return (
    <Box>
      <Group gap="md" justify="space-between">
        <Group gap="md">
          <LegendMark color={pairColors.before} name={names[0]} />
          <LegendMark color={pairColors.now} name={names[1]} />
        </Group>
        <Text size="xs" c="dimmed">
          highest {percentText(top)}
        </Text>
      </Group>
      <svg width="100%" height={height} role="img" aria-label={summary} style={{ display: "block", marginTop: 6 }}>
        {bars.map(({ label, before, now }, place) => (
          <g key={label}>
            <title>{`${label}: ${names[0]} ${percentText(before)}, ${names[1]} ${percentText(now)}`}</title>
            <rect x={`${place * width}%`} y={0} width={`${width}%`} height={height} fill="transparent" />
            {bar(before, place * width + width * 0.06, false)}
            {bar(now, place * width + width * 0.52, true)}
          </g>
        ))}
      </svg>
      <Group justify="space-between" style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}>
        <Text size="xs" c="dimmed">
          {ends[0]}
        </Text>
        <Text size="xs" c="dimmed">
          {ends[1]}
        </Text>
      </Group>
    </Box>
  );
}
