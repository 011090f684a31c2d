import { Anchor, Group, NativeSelect, Stack, Table, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Service } from "../../../../src/contract/use.ts";
import { type AnswerOf, ask, askPages } from "../../api.ts";
import { useMay } from "../../session.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { durationText } from "../../ui/numbers.ts";
import { ServiceState } from "../../ui/service-state.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { type ServicesSearch, serviceStates } from "./search.ts";
import { rateText, recentRates } from "./usage.ts";

type Usage = AnswerOf<"summariseUsage">["items"][number];

const right = (label: string) => ({ label, align: "right" as const });
const columns = [
  "Service",
  "State",
  "Models",
  "Engine",
  right("Revision"),
  right("Requests/min"),
  right("Errors/min"),
  right("p50"),
  right("p95"),
  right("Replicas"),
  "Changed",
];

const isOf = ({ name, models, state }: Service, search: ServicesSearch): boolean => {
  const q = search.q?.toLowerCase() ?? "";
  return (
    (search.state === undefined || state === search.state) &&
    (q === "" || [name, ...models].some((text) => text.toLowerCase().includes(q)))
  );
};

/** All services with what they do now; which are shown stands in the address. */
export function ServicesTable({
  search,
  onSearch,
}: {
  search: ServicesSearch;
  onSearch: (search: ServicesSearch) => void;
}) {
  // a worker that dies is in no event
  const pages = useInfiniteQuery({ ...askPages("listServices", { pageSize: 200 }), refetchInterval: 10_000 });
  const usage = useQuery({ ...ask("summariseUsage", { since: "1h", every: "5m" }), refetchInterval: 10_000 });
  const may = useMay();
  const services = pages.data?.items;
  const used = new Map(usage.data?.items.map((item) => [item.service, item]));
  return (
    <Loaded query={{ data: services, error: pages.error }}>
      {(all) => {
        if (all.length === 0)
          return (
            <Empty command="modelyard up model.pkl">
              No services yet.{" "}
              {may("deployService") ? (
                <>
                  <TextLink to="/use/deploy" underline="always">
                    Deploy a model that is registered
                  </TextLink>
                  , or register and deploy one by one command:
                </>
              ) : (
                "A contributor makes one:"
              )}
            </Empty>
          );
        const shown = all.filter((service) => isOf(service, search));
        return (
          <Stack gap="sm">
            <Filter search={search} onSearch={onSearch} />
            {shown.length === 0 ? (
              <Text>
                None of {all.length === 1 ? "the one service" : `${all.length} services`} fits.{" "}
                <Anchor component="button" type="button" underline="always" onClick={() => onSearch({})}>
                  Show all
                </Anchor>
              </Text>
            ) : (
              <>
                <DataTable label="Services" columns={columns} minWidth={960}>
                  {shown.map((service) => (
                    <Row key={service.name} service={service} usage={used.get(service.name)} />
                  ))}
                </DataTable>
                <Text size="xs" c="dimmed">
                  Per minute over the last five to ten minutes; lines, p50 and p95 over the last hour.
                </Text>
              </>
            )}
            <More of={pages} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Filter({ search, onSearch }: { search: ServicesSearch; onSearch: (search: ServicesSearch) => void }) {
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label="Name or model"
        type="search"
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          onSearch({ ...search, q: value || undefined });
        }}
        style={{ flex: "1 1 12rem", maxWidth: "22rem" }}
      />
      <NativeSelect
        label="State"
        data={[{ value: "", label: "any" }, ...serviceStates]}
        value={search.state ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onSearch({ ...search, state: (value || undefined) as ServicesSearch["state"] })
        }
      />
    </Group>
  );
}

function Row({ service, usage }: { service: Service; usage: Usage | undefined }) {
  const { name, state, reason, models, engine, revision, readyReplicas, settings, updatedAt } = service;
  return (
    <Table.Tr>
      <Table.Td miw="9rem">
        <TextLink to="/use/services/$name" params={{ name }} fw={500}>
          {name}
        </TextLink>
      </Table.Td>
      <Table.Td maw="14rem">
        <ServiceState state={state} />
        {reason === null ? null : (
          <Text size="xs" c="dimmed" lineClamp={2}>
            {reason}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw="8rem">
        {models.length === 0
          ? "–"
          : models.map((model) => <VersionLink key={model} reference={model} display="block" />)}
      </Table.Td>
      <Table.Td>{engine}</Table.Td>
      <Table.Td ta="right">{revision === 0 ? "–" : revision}</Table.Td>
      <Rates series={usage?.series ?? []} name={name} />
      <Table.Td ta="right">{quantile(usage?.p50Ms)}</Table.Td>
      <Table.Td ta="right">{quantile(usage?.p95Ms)}</Table.Td>
      <Table.Td ta="right">
        {readyReplicas}/{state === "stopped" ? 0 : settings.replicas}
      </Table.Td>
      <Table.Td>
        <Time at={updatedAt} />
      </Table.Td>
    </Table.Tr>
  );
}

const quantile = (ms: number | null | undefined) =>
  ms == null ? "–" : <span style={{ whiteSpace: "nowrap" }}>{durationText(ms)}</span>;

function Rates({ series, name }: { series: NonNullable<Usage["series"]>; name: string }) {
  const { requests, errors } = recentRates(series, Date.now());
  const values = (member: "requests" | "errors") => series.map((point) => point[member]);
  const hasErrors = values("errors").some((count) => count > 0);
  return (
    <>
      <Table.Td ta="right">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Sparkline
            width={56}
            height={18}
            values={values("requests")}
            label={`Requests to ${name} in the last hour`}
          />
          {rateText(requests)}
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        <Group gap={6} justify="flex-end" wrap="nowrap" c={errors > 0 ? "red" : undefined}>
          {hasErrors ? (
            <Sparkline width={56} height={18} values={values("errors")} label={`Errors of ${name} in the last hour`} />
          ) : null}
          {rateText(errors)}
        </Group>
      </Table.Td>
    </>
  );
}
