import { Badge, Group, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { askOn } from "../../api.ts";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";
import { Time } from "../../ui/time.tsx";

const route = getRouteApi("/register");

export function ModelsPage() {
  const { filter } = route.useSearch();
  const models = useQuery(askOn("listModelNames", { filter, pageSize: 50 }));
  return (
    <Page title="Models">
      <Loaded query={models}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty command="modelyard model register model.pkl">No models yet.</Empty>
          ) : (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Aliases</Table.Th>
                  <Table.Th>Updated</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((model) => (
                  <Table.Tr key={model.name}>
                    <Table.Td>
                      <TextLink to="/register/models/$name" params={{ name: model.name }}>
                        {model.name}
                      </TextLink>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={4}>
                        {Object.entries(model.aliases).map(([alias, version]) => (
                          <Badge key={alias} variant="light">
                            {alias}: {String(version)}
                          </Badge>
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      <Time at={model.updatedAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Page>
  );
}
