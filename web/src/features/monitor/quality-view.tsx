import { Group, NativeSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AnswerOf, askOn } from "../../api.ts";
import { Chart } from "../../ui/chart.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { metricText } from "./metric.ts";
import { QualityItem } from "./quality-item.tsx";

type Quality = AnswerOf<"showQuality">;

/** Windows of the series, by the span that is looked at. */
const windows = { "24h": "1h", "7d": "1d", "30d": "1d" } as const;
type Span = keyof typeof windows;
const isSpan = (since: string): since is Span => since in windows;

export interface QualitySearch {
  since?: string | undefined;
  by?: "revision" | "model" | undefined;
}

/** How good predictions were by their labels, and how good they are likely to be without. */
export function QualityView({
  service,
  search: { since: asked = "7d", by },
  onSearch,
}: {
  service: string;
  search: QualitySearch;
  onSearch: (change: QualitySearch) => void;
}) {
  const since: Span = isSpan(asked) ? asked : "7d";
  const input = { service, since, ...(by === undefined ? {} : { by }) };
  const quality = useQuery({ ...askOn("showQuality", input), staleTime: 60_000 });
  return (
    <Stack>
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          size="xs"
          aria-label="Span of time"
          data={Object.keys(windows)}
          value={since}
          onChange={(since) => onSearch({ since })}
        />
        <NativeSelect
          label="Apart by"
          size="xs"
          data={[
            { value: "", label: "nothing" },
            { value: "revision", label: "revision" },
            { value: "model", label: "model version" },
          ]}
          value={by ?? ""}
          onChange={(event) => onSearch({ by: (event.currentTarget.value || undefined) as QualitySearch["by"] })}
        />
        <CopyAs operation="showQuality" input={input} />
      </Group>
      <Loaded query={quality}>
        {(found) =>
          found.items.every(({ rows }) => rows === 0) ? (
            <Section title="Quality">
              <Empty command={`modelyard label import truth.csv --service ${service}`}>
                No prediction was kept in this time. Send requests, then labels: what was true of them.
              </Empty>
              <Unread unread={found.unread} />
            </Section>
          ) : (
            <>
              {found.items.map((item) => (
                <QualityItem key={`${item.revision} ${item.model}`} item={item} task={found.task} service={service} />
              ))}
              <OverTime service={service} since={since} />
              {found.assumption === null ? null : <Text size="sm">{found.assumption}</Text>}
              <Unread unread={found.unread} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Unread({ unread }: { unread: Quality["unread"] }) {
  const parts = Object.entries(unread).map(([reason, count]) => `${countText(count)} ${reason}`);
  return parts.length === 0 ? null : <Text size="sm">Could not be compared: {parts.join(", ")}</Text>;
}

/** The first measure over time with its interval. */
function OverTime({ service, since }: { service: string; since: Span }) {
  const series = useQuery({
    ...askOn("showQuality", { service, since, window: windows[since] }),
    staleTime: 60_000,
  });
  const plot = useMemo(() => plotOf(series.data?.items ?? []), [series.data]);
  if (plot === undefined) return null;
  const { name, times, lines, summary } = plot;
  return (
    <Section title={`${name} over time, with its 95 % interval`}>
      <Chart times={times} series={lines} band={[0, 1]} format={metricText} summary={summary} />
    </Section>
  );
}

function plotOf(items: Quality["items"]) {
  const name = items
    .flatMap(({ measured, estimated }) => [...measured.metrics, ...(estimated?.metrics ?? [])])
    .find(({ value }) => value !== null)?.name;
  if (name === undefined || items.length < 2) return undefined;
  const of = (pick: (metric: Quality["items"][number]["measured"]["metrics"][number]) => number | null) =>
    items.map(({ measured }) => {
      const metric = measured.metrics.find((metric) => metric.name === name);
      return metric === undefined ? null : pick(metric);
    });
  const estimated = items.map((item) => item.estimated?.metrics.find((metric) => metric.name === name)?.value ?? null);
  const values = of(({ value }) => value);
  const known = values.filter((value) => value !== null);
  // one point is no course: the table above says it already
  if (Math.max(known.length, estimated.filter((value) => value !== null).length) < 2) return undefined;
  return {
    name,
    times: items.map(({ from }) => from),
    lines: [
      { label: "High", values: of(({ high }) => high) },
      { label: "Low", values: of(({ low }) => low) },
      { label: "Measured", values },
      ...(estimated.some((value) => value !== null) ? [{ label: "Estimated", values: estimated }] : []),
    ],
    summary:
      known.length === 0
        ? `${name} could not be measured in any of ${items.length} windows`
        : `${name} was measured in ${known.length} of ${items.length} windows, from ${metricText(Math.min(...known))} to ${metricText(Math.max(...known))}; in the last of them ${metricText(known.at(-1) ?? null)}`,
  };
}
