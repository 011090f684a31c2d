import { List, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { askOn } from "../../api.ts";
import { Chart } from "../../ui/chart.tsx";
import { Fields } from "../../ui/fields.tsx";
import { Histogram } from "../../ui/histogram.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { countText, percentText } from "../../ui/numbers.ts";
import { PairedBars } from "../../ui/paired-bars.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import {
  type DriftColumn as Column,
  type DriftReport,
  pText,
  signalText,
  stateColors,
  stateWord,
  verdictOf,
} from "./drift-words.ts";
import { equalBins } from "./equal-bins.ts";
import { numberText } from "./metric.ts";

type Distribution = DriftReport["distributions"][number];

/** One column whole: its values beside the baseline's, and how far apart they were in each window. */
export function DriftColumn({
  report,
  column,
  input,
}: {
  report: DriftReport;
  column: Column;
  input: { service: string; window?: string; revision?: number };
}) {
  const spread = useQuery(askOn("showDrift", { ...input, distribution: column.column }));
  return (
    <Section
      title={`${column.column}${column.side === "predictions" ? " (what was answered)" : ""}`}
      actions={<State word={stateWord(column.state)} color={stateColors[column.state]} />}
    >
      <Text size="sm">{verdictOf(column, report)}</Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Loaded query={spread}>
          {({ distributions }) => (
            <Spread
              found={distributions.find(({ side, column: name }) => side === column.side && name === column.column)}
            />
          )}
        </Loaded>
        <EffectOverTime report={report} column={column} />
      </SimpleGrid>
      <Numbers column={column} />
    </Section>
  );
}

/** So many categories are shown; the others as one. */
const mostCategories = 12;
const names = ["Baseline", "Last window"] as const;

function Spread({ found }: { found: Distribution | undefined }) {
  if (found === undefined) return <Text size="sm">No window has values of it yet.</Text>;
  const { baselineRows, rows } = found;
  return (
    <Stack gap="xs">
      <Title order={3} size="sm">
        Values: {countText(baselineRows)} of the baseline, {countText(rows)} of the last window
      </Title>
      {found.kind === "number" ? <NumberSpread found={found} /> : <CategorySpread found={found} />}
    </Stack>
  );
}

function NumberSpread({ found: { bins, column } }: { found: Distribution }) {
  const shown = equalBins(bins);
  const bars = shown.map(({ above, upTo, baseline, current }) => ({
    label:
      above === null
        ? `up to ${numberText(upTo ?? 0)}`
        : upTo === null
          ? `above ${numberText(above)}`
          : `${numberText(above)} to ${numberText(upTo)}`,
    ...{ before: baseline, now: current },
  }));
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return null;
  const most = bars.reduce((a, b) => (Math.abs(b.now - b.before) > Math.abs(a.now - a.before) ? b : a));
  return (
    <Histogram
      bars={bars}
      names={names}
      ends={[first.label, last.label]}
      summary={`Spread of ${column} in ${bars.length} bins. They differ most at ${most.label}: ${percentText(most.before)} in the baseline, ${percentText(most.now)} now.`}
    />
  );
}

function CategorySpread({ found: { values, column } }: { found: Distribution }) {
  const sorted = [...values].sort((a, b) => Math.max(b.baseline, b.current) - Math.max(a.baseline, a.current));
  const named = sorted.filter(({ value }) => value !== null);
  const shown = named.slice(0, mostCategories);
  const rest = [...named.slice(mostCategories), ...sorted.filter(({ value }) => value === null)];
  const sum = (pick: (value: (typeof values)[number]) => number) => rest.reduce((all, value) => all + pick(value), 0);
  const bars = [
    ...shown.map(({ value, baseline, current }) => ({ label: value ?? "", before: baseline, now: current })),
    ...(rest.length === 0
      ? []
      : [{ label: "(all others)", before: sum(({ baseline }) => baseline), now: sum(({ current }) => current) }]),
  ];
  return <PairedBars bars={bars} names={names} label={`Values of ${column}`} />;
}

const effectText = (value: number) => value.toFixed(2);

function EffectOverTime({ report, column }: { report: DriftReport; column: Column }) {
  const { windows } = report;
  const { effects, bands, effect } = column;
  const times = useMemo(() => windows.map(({ from }) => from), [windows]);
  const series = useMemo(
    () => [
      { label: "Effect", values: effects },
      { label: "Null band", values: bands, area: true },
    ],
    [effects, bands],
  );
  const told = effects.filter((value) => value !== null).length;
  const outside = effects.filter((value, place) => value !== null && value > (bands[place] ?? 0)).length;
  return (
    <Stack gap="xs">
      <Title order={3} size="sm">
        How far from the baseline, in {windows.length} windows of {report.window}
      </Title>
      {told === 0 ? (
        <Text size="sm">No window has enough values to be compared.</Text>
      ) : (
        <Chart
          times={times}
          series={series}
          format={effectText}
          fromZero
          summary={`The effect${effect === null ? "" : ` (${effect.name})`} was outside the null band in ${outside} of ${told} windows that could be compared${effect === null ? "" : `; in the last one it was ${effectText(effect.value)} against a band of ${effectText(effect.band)}`}.`}
        />
      )}
      {told < effects.length ? (
        <Text size="xs" c="dimmed">
          {effects.length - told} of {effects.length} windows have not enough data.
        </Text>
      ) : null}
    </Stack>
  );
}

function Numbers({ column: { test, effect, signals, rows, baselineRows } }: { column: Column }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Fields
        entries={[
          ["Test", test?.name],
          ["Statistic", test === null ? undefined : numberText(test.statistic)],
          ["p", test === null ? undefined : `${pText(test.pValue)}, over all columns ${pText(test.adjustedP)}`],
          ["Effect", effect === null ? undefined : `${numberText(effect.value)} (${effect.name})`],
          [
            "Null band",
            effect === null ? undefined : `${numberText(effect.band)}: 95 of 100 windows without drift stay below`,
          ],
          ["Values", `${countText(rows)} in the window, ${countText(baselineRows)} in the baseline`],
        ]}
      />
      {signals.length === 0 ? null : (
        <List size="sm" listStyleType="none">
          {signals.map((signal) => (
            <List.Item key={signal.kind}>{signalText(signal)}</List.Item>
          ))}
        </List>
      )}
    </SimpleGrid>
  );
}
