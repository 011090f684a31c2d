import { Group, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type AnswerOf, ask, askOn, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { NumberCell } from "../../ui/number-cell.tsx";
import { countText, durationText, percentText } from "../../ui/numbers.ts";
import { ServiceState } from "../../ui/service-state.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { unknownText } from "../../ui/unknown-text.ts";
import { DriftCell } from "./drift-cell.tsx";
import { QualityCell } from "./quality-cell.tsx";

type ServiceWord = AnswerOf<"listServices">["items"][number]["state"];
type Usage = AnswerOf<"summariseUsage">["items"][number];

export const usageSpans = { "1h": "5m", "24h": "1h", "7d": "1d", "30d": "1d" } as const;

const columns = [
  "Service",
  { label: "Requests", align: "right" },
  { label: "Errors", align: "right" },
  { label: "p95", align: "right" },
  "Drift",
  "Quality, 7 days",
  "Alerts",
  "Last request",
] as const;

/** Every service in a line: how it is asked, and whether anything is the matter with it. */
export function WatchedServices({ since }: { since: keyof typeof usageSpans }) {
  const services = useInfiniteQuery(askPages("listServices", { pageSize: 100 }));
  const usage = useQuery({
    ...askOn("summariseUsage", { by: "service", since, every: usageSpans[since] }),
    refetchInterval: 10_000,
  });
  const alerts = useQuery({ ...ask("listAlerts", { state: "firing", pageSize: 1000 }), refetchInterval: 30_000 });
  const firing = (service: string) =>
    alerts.data?.items.filter((alert) =>
      alert.services.some((status) => status.service === service && status.state === "firing"),
    ).length ?? unknownText(alerts.error);
  const unknown = usage.data === undefined ? unknownText(usage.error) : undefined;
  return (
    <Loaded query={services}>
      {({ items }) => {
        const known = items.map(({ name, state }) => ({ name, state: state as ServiceWord | undefined }));
        const names = new Set(known.map(({ name }) => name));
        const used = new Map((usage.data?.items ?? []).map((item) => [item.service ?? "", item]));
        // requests of services that are gone, or that run elsewhere
        const others = services.hasNextPage ? [] : [...used.keys()].filter((name) => !names.has(name));
        const rows = [...known, ...others.map((name) => ({ name, state: undefined }))];
        if (rows.length === 0)
          return <Empty command="modelyard up model.pkl">No service yet: there is nothing to watch.</Empty>;
        return (
          <>
            <DataTable label="Services" columns={columns} minWidth={900}>
              {rows.map(({ name, state }) => (
                <ServiceRow key={name} {...{ name, state, unknown }} usage={used.get(name)} firing={firing(name)} />
              ))}
            </DataTable>
            <More of={services} />
          </>
        );
      }}
    </Loaded>
  );
}

function ServiceRow({
  name,
  state,
  unknown,
  usage,
  firing,
}: {
  name: string;
  state: ServiceWord | undefined;
  /** What to say in place of the usage of all services, while nobody knows it. */
  unknown: string | undefined;
  usage: Usage | undefined;
  /** A word while it is not known. */
  firing: number | string;
}) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <TextLink to="/monitor/services/$name" params={{ name }}>
            {name}
          </TextLink>
          {state === "ready" ? null : state === undefined ? <State word="not here" /> : <ServiceState state={state} />}
        </Group>
      </Table.Td>
      <NumberCell>
        {unknown ?? (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <Sparkline
              width={64}
              height={18}
              values={(usage?.series ?? []).map(({ requests }) => requests)}
              label={`Requests to ${name} over time`}
            />
            {countText(usage?.requests ?? 0)}
          </Group>
        )}
      </NumberCell>
      <NumberCell>{unknown ?? (usage === undefined ? "–" : <ErrorShare usage={usage} />)}</NumberCell>
      <NumberCell>{unknown ?? (usage?.p95Ms == null ? "–" : durationText(usage.p95Ms))}</NumberCell>
      <Table.Td>
        <DriftCell service={name} />
      </Table.Td>
      <Table.Td>
        <QualityCell service={name} />
      </Table.Td>
      <Table.Td>
        {typeof firing === "string" || firing === 0 ? (
          <Text size="sm" c="dimmed">
            {firing === 0 ? "none" : firing}
          </Text>
        ) : (
          <State word={`${firing} firing`} color="red" />
        )}
      </Table.Td>
      <Table.Td>{unknown ?? (usage === undefined ? "–" : <Time at={usage.lastUsedAt} />)}</Table.Td>
    </Table.Tr>
  );
}

function ErrorShare({ usage: { errors, requests, errorKinds } }: { usage: Usage }) {
  const kinds = Object.entries(errorKinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(", ");
  return (
    <Text component="span" size="sm" title={kinds} {...(errors === 0 ? {} : { fw: 600 })}>
      {percentText(errors / requests)}
    </Text>
  );
}
