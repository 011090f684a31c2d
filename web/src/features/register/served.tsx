import { Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";

/** Where versions of a model answer and answered, each with the way to what they answered. */
export function Served({ name, version }: { name: string; version?: number }) {
  const served = useInfiniteQuery(askPages("whatServed", { name, version, pageSize: 20 }));
  return (
    <Section title="Where it answers and answered">
      <Loaded query={served}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Text size="sm" c="dimmed">
                No service ever answered with it.
              </Text>
            );
          return (
            <Stack>
              <DataTable
                label="Where it answers and answered"
                minWidth={600}
                columns={[
                  "Service",
                  { label: "Revision", align: "right" },
                  ...(version === undefined ? [{ label: "Version", align: "right" as const }] : []),
                  "From",
                  "Until",
                  { label: "Records", hidden: true },
                ]}
              >
                {items.map((span) => (
                  <Table.Tr key={`${span.service} ${span.revision} ${span.version} ${span.from}`}>
                    <Table.Td>
                      <TextLink to="/use/services/$name" params={{ name: span.service }}>
                        {span.service}
                      </TextLink>
                    </Table.Td>
                    <Table.Td ta="right">{span.revision}</Table.Td>
                    {version === undefined ? (
                      <Table.Td ta="right">
                        <TextLink to="/register/models/$name/$version" params={{ name, version: String(span.version) }}>
                          {span.version}
                        </TextLink>
                      </Table.Td>
                    ) : null}
                    <Table.Td>
                      <Time at={span.from} />
                    </Table.Td>
                    <Table.Td>
                      {span.to === null ? <State word="Answers now" color="green" /> : <Time at={span.to} />}
                    </Table.Td>
                    <Table.Td ta="right">
                      <TextLink
                        to="/monitor/records"
                        search={{ service: span.service, model: `${name}:${span.version}` }}
                        aria-label={`Records of ${name}:${span.version} in ${span.service}`}
                      >
                        Records
                      </TextLink>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
              <More of={served} />
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}
