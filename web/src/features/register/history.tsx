import { Stack, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { historyText } from "./history-text.ts";

/** Every change of a model, or of one of its versions: who, what and when. */
export function History({ name, version }: { name: string; version?: number }) {
  const history = useInfiniteQuery(askPages("getModelHistory", { name, version, pageSize: 20 }));
  return (
    <Section title="History">
      <Loaded query={history}>
        {({ items }) => (
          <Stack>
            <DataTable label="History" columns={["When", "What", ...(version === undefined ? ["Version"] : []), "By"]}>
              {items.map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td>
                    <Time at={entry.at} />
                  </Table.Td>
                  <Table.Td>{historyText(entry)}</Table.Td>
                  {version === undefined ? <Table.Td>{entry.version ?? "–"}</Table.Td> : null}
                  <Table.Td>{entry.by}</Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
            <More of={history} />
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
