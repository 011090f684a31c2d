import { Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";

/** Versions that nobody has asked for some days; those that a service has take memory for nothing. */
export function UnusedModels({ days, choice }: { days: number; choice: React.ReactNode }) {
  const unused = useInfiniteQuery(askPages("listUnusedModels", { days, pageSize: 50 }));
  return (
    <Section
      title="Models nobody uses"
      actions={
        <>
          {choice}
          <CopyAs operation="listUnusedModels" input={{ days }} />
        </>
      }
    >
      <Loaded query={unused}>
        {({ items }) => {
          if (items.length === 0)
            return <Text size="sm">No version is older than {days} days and was not asked within them.</Text>;
          return (
            <>
              <DataTable
                label="Models nobody uses"
                columns={["Model", "Registered", "Last request", "Services that have it"]}
              >
                {items.map(({ model, version, registeredAt, lastUsedAt, services }) => (
                  <Table.Tr key={`${model}:${version}`}>
                    <Table.Td>
                      <VersionLink reference={`${model}:${version}`} />
                    </Table.Td>
                    <Table.Td>
                      <Time at={registeredAt} />
                    </Table.Td>
                    <Table.Td>{lastUsedAt === null ? "never" : <Time at={lastUsedAt} />}</Table.Td>
                    <Table.Td>{services.length === 0 ? "none" : services.join(", ")}</Table.Td>
                  </Table.Tr>
                ))}
              </DataTable>
              <More of={unused} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
