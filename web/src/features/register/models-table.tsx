import { Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { memo, useDeferredValue } from "react";
import { type AnswerOf, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Tags } from "../../ui/tags.tsx";
import { Time } from "../../ui/time.tsx";
import { useLiveServices } from "./live-services.ts";
import { filterOf } from "./models-filter.ts";
import { ServiceLinks } from "./service-links.tsx";
import { WaysIn } from "./ways-in.tsx";

type Model = AnswerOf<"listModelNames">["items"][number];

/** The models that fit a search text, by name. They are drawn behind what is typed: fifty rows take longer than a frame. */
export function ModelsTable({ search }: { search: string }) {
  const filter = filterOf(search);
  const models = useInfiniteQuery(askPages("listModelNames", { filter, pageSize: 50 }));
  const data = useDeferredValue(models.data);
  return (
    <Loaded query={{ data, error: models.error }}>
      {({ items }) => {
        if (items.length === 0) return filter === undefined ? <WaysIn /> : <Empty>No model fits this search.</Empty>;
        return (
          <Stack aria-busy={models.isPlaceholderData}>
            <Rows models={items} />
            <More of={models} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

const Rows = memo(({ models }: { models: readonly Model[] }) => {
  const { byVersion, unknown } = useLiveServices();
  const live = useDeferredValue(byVersion);
  return (
    <DataTable
      label="Models"
      minWidth={720}
      columns={["Name", { label: "Latest", align: "right" }, "Aliases", "Live in", "Tags", "Changed"]}
    >
      {models.map((model) => (
        <ModelRow key={model.name} model={model} services={live && servicesOf(model.name, live)} unknown={unknown} />
      ))}
    </DataTable>
  );
});

const nowhere: readonly string[] = [];

function servicesOf(name: string, live: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = [...live].flatMap(([reference, services]) => (reference.startsWith(`${name}:`) ? services : nowhere));
  return found.length === 0 ? nowhere : [...new Set(found)];
}

interface RowProps {
  model: Model;
  services: readonly string[] | undefined;
  unknown: string;
}

const ModelRow = memo(({ model, services, unknown }: RowProps) => {
  const { name, latestVersion } = model;
  return (
    <Table.Tr>
      <Table.Td maw="24rem">
        <TextLink to="/register/models/$name" params={{ name }} fw={500}>
          {name}
        </TextLink>
      </Table.Td>
      <Table.Td ta="right">
        {latestVersion === null ? (
          "–"
        ) : (
          <TextLink
            to="/register/models/$name/$version"
            params={{ name, version: String(latestVersion) }}
            aria-label={`${name}, version ${latestVersion}`}
          >
            {latestVersion}
          </TextLink>
        )}
      </Table.Td>
      <Table.Td maw="16rem">
        {model.aliases.length === 0 ? (
          "–"
        ) : (
          <Text size="sm">
            {model.aliases
              .slice(0, 4)
              .map(({ alias, version }) => `${alias} → ${version}`)
              .join(", ")}
            {model.aliases.length > 4 ? ` and ${model.aliases.length - 4} more` : ""}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <ServiceLinks services={services} unknown={unknown} />
      </Table.Td>
      <Table.Td>
        <Tags tags={model.tags} limit={3} />
      </Table.Td>
      <Table.Td>
        <Time at={model.updatedAt} />
      </Table.Td>
    </Table.Tr>
  );
});
