import { Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AnswerOf, askOn } from "../../api.ts";
import { Chart } from "../../ui/chart.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { invokeLine } from "../../ui/invoke-line.ts";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { bytesText, countText, durationText, percentText, shortText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { droppedText } from "./record-flow.tsx";
import { given } from "./search-values.ts";

export const usageSteps = { "6h": "5m", "24h": "1h", "7d": "1h", "90d": "1d" } as const;
export type UsageSpan = keyof typeof usageSteps;
export const groupings = ["service", "model", "caller", "revision"] as const;

type Usage = AnswerOf<"summariseUsage">["items"][number];
type Point = NonNullable<Usage["series"]>[number];

/** So many lines can be told apart in a chart. */
const mostLines = 6;

/** Requests, errors and latency over time, and as numbers, by what is asked for. */
export function UsageView(props: {
  by: (typeof groupings)[number];
  since: UsageSpan;
  service: string | undefined;
  model: string | undefined;
}) {
  const { by, since, service, model } = props;
  const input = { by, since, every: usageSteps[since], ...(service && { service }), ...(model && { model }) };
  const usage = useQuery({ ...askOn("summariseUsage", input), refetchInterval: 10_000 });
  return (
    <Section title="Requests" actions={<CopyAs operation="summariseUsage" input={input} />}>
      <Loaded query={usage}>
        {({ items, dropped }) =>
          items.length === 0 ? (
            <Empty command={invokeLine(service)}>No request in this time.</Empty>
          ) : (
            <Stack>
              <UsageCharts items={items} by={by} />
              <UsageTable items={items} by={by} />
              {Object.keys(dropped).length === 0 ? null : (
                <Text size="sm">Records not kept, of all services: {droppedText(dropped)}</Text>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

/** What a line of usage is about. */
const nameOf = ({ service, revision, model, caller }: Usage, by: string): string =>
  by === "model"
    ? (model ?? "no model")
    : by === "revision"
      ? `${service}, revision ${revision}`
      : by === "caller"
        ? `${service}, ${caller === "" || caller === null ? "without a key" : caller}`
        : (service ?? "");

function UsageCharts({ items, by }: { items: Usage[]; by: string }) {
  const { times, requests, errors, latency } = useMemo(() => {
    const shown = items.slice(0, mostLines);
    const lines = (pick: (point: Point) => number | null) =>
      shown.map((item) => ({ label: nameOf(item, by), values: (item.series ?? []).map(pick) }));
    return {
      times: (shown[0]?.series ?? []).map(({ at }) => at),
      requests: lines((point) => point.requests),
      errors: lines((point) => (point.requests === 0 ? null : point.errors / point.requests)),
      latency: lines((point) => point.p95Ms),
    };
  }, [items, by]);
  const totals = items.slice(0, mostLines).map((item) => `${nameOf(item, by)} ${countText(item.requests)} requests`);
  const told = `${totals.join(", ")}; the table below has all numbers`;
  return (
    <>
      {items.length > mostLines ? (
        <Text size="sm" c="dimmed">
          The charts show the {mostLines} with the most requests.
        </Text>
      ) : null}
      <Plot title="Requests a step" summary={told} times={times} series={requests} format={shortText} />
      <Plot title="Share of errors" summary={told} times={times} series={errors} format={percentText} />
      <Plot title="p95 latency" summary={told} times={times} series={latency} format={durationText} />
    </>
  );
}

function Plot({
  title,
  summary,
  ...chart
}: Pick<Parameters<typeof Chart>[0], "times" | "series" | "format"> & { title: string; summary: string }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Chart {...chart} fromZero height={180} summary={`${title}: ${summary}`} />
    </div>
  );
}

function UsageTable({ items, by }: { items: Usage[]; by: string }) {
  return (
    <DataTable
      label="Usage"
      minWidth={900}
      columns={[
        by.charAt(0).toUpperCase() + by.slice(1),
        { label: "Requests", align: "right" },
        { label: "Rows", align: "right" },
        { label: "Errors", align: "right" },
        { label: "p50", align: "right" },
        { label: "p95", align: "right" },
        { label: "p99", align: "right" },
        { label: "In", align: "right" },
        { label: "Out", align: "right" },
        "Last used",
      ]}
    >
      {items.map((item) => (
        <Table.Tr key={nameOf(item, by)}>
          <Table.Td>
            <div>
              <NameLink item={item} by={by} />
            </div>
            {Object.entries(item.errorKinds).map(([kind, count]) => (
              <Text key={kind} size="xs" c="dimmed">
                {countText(count)} × {kind}
              </Text>
            ))}
          </Table.Td>
          <NumberCell>{countText(item.requests)}</NumberCell>
          <NumberCell>{countText(item.rows)}</NumberCell>
          <NumberCell>{percentText(item.errors / Math.max(1, item.requests))}</NumberCell>
          {[item.p50Ms, item.p95Ms, item.p99Ms].map((ms, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: three columns that stay
            <NumberCell key={place}>{ms === null ? "–" : durationText(ms)}</NumberCell>
          ))}
          <NumberCell>{bytesText(item.bytesIn)}</NumberCell>
          <NumberCell>{bytesText(item.bytesOut)}</NumberCell>
          <Table.Td>
            <Time at={item.lastUsedAt} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** To the records behind the line. */
function NameLink({ item, by }: { item: Usage; by: string }) {
  const search = by === "model" ? { model: item.model ?? undefined } : { service: item.service ?? undefined };
  return (
    <TextLink to="/monitor/records" search={given(search)}>
      {nameOf(item, by)}
    </TextLink>
  );
}
