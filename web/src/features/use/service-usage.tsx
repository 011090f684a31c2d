import { SegmentedControl, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AnswerOf, askOn } from "../../api.ts";
import { Chart } from "../../ui/chart.tsx";
import { Empty } from "../../ui/empty.tsx";
import { invokeLine } from "../../ui/invoke-line.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { countText, durationText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { type Span, spans } from "./search.ts";
import { rateText } from "./usage.ts";

type Usage = AnswerOf<"summariseUsage">["items"][number];

const every: Record<Span, "5m" | "1h" | "1d"> = { "1h": "5m", "24h": "5m", "7d": "1h", "90d": "1d" };
const minutesOf = { "5m": 5, "1h": 60, "1d": 1440 };

/** Requests, errors and latency of a service over time. */
export function ServiceUsage({ name, span, onSpan }: { name: string; span: Span; onSpan: (span: Span) => void }) {
  const query = useQuery({
    ...askOn("summariseUsage", { service: name, since: span, every: every[span] }),
    refetchInterval: 10_000,
  });
  return (
    <Section
      title="Traffic"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          data={[...spans]}
          value={span}
          onChange={(next) => onSpan(next as Span)}
        />
      }
    >
      <Loaded query={query}>
        {({ items: [usage] }) =>
          usage === undefined ? (
            <Empty command={invokeLine(name)}>No request in this time. Send one on the tab Try it, or with:</Empty>
          ) : (
            <Lines usage={usage} minutes={minutesOf[every[span]]} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Lines({ usage, minutes }: { usage: Usage; minutes: number }) {
  const { series } = usage;
  const drawn = useMemo(() => {
    const points = series ?? [];
    return {
      times: points.map(({ at }) => at),
      rates: [
        { label: "requests", values: points.map(({ requests }) => requests / minutes) },
        { label: "errors", values: points.map(({ errors }) => errors / minutes) },
      ],
      quantiles: [
        { label: "p50", values: points.map(({ p50Ms }) => p50Ms) },
        { label: "p95", values: points.map(({ p95Ms }) => p95Ms) },
        { label: "p99", values: points.map(({ p99Ms }) => p99Ms) },
      ],
    };
  }, [series, minutes]);
  const { requests, errors, p50Ms, p95Ms, p99Ms, errorKinds } = usage;
  const latency = [p50Ms, p95Ms, p99Ms].map((ms) => (ms === null ? "–" : durationText(ms))).join(" · ");
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Stack gap={4} miw={0}>
        <Title order={3} size="sm">
          Requests and errors per minute
        </Title>
        <Text size="sm" c="dimmed">
          {countText(requests)} requests, {countText(errors)} errors
          {errors === 0 ? "" : `: ${kindsText(errorKinds)}`}
        </Text>
        <Chart
          times={drawn.times}
          series={drawn.rates}
          format={rateText}
          summary={`${countText(requests)} requests and ${countText(errors)} errors over this time`}
        />
      </Stack>
      <Stack gap={4} miw={0}>
        <Title order={3} size="sm">
          Latency
        </Title>
        <Text size="sm" c="dimmed">
          p50 · p95 · p99: {latency}
        </Text>
        <Chart
          times={drawn.times}
          series={drawn.quantiles}
          format={durationText}
          summary={`Latency over this time, p50, p95 and p99: ${latency}`}
        />
      </Stack>
    </SimpleGrid>
  );
}

const kindsText = (kinds: Record<string, number>): string =>
  Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([kind, count]) => `${countText(count)} × ${kind}`)
    .join(", ");
