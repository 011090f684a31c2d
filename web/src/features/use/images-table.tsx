import { Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ask, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import type { ImagesSearch } from "./search.ts";

/** What revisions run: every image, newest first. */
export function ImagesTable({ search: { model } }: { search: ImagesSearch }) {
  const pages = useInfiniteQuery(askPages("listImages", { model, pageSize: 50 }));
  const services = useQuery(ask("listServices", { pageSize: 1000 }));
  const images = pages.data?.items;
  const usedBy = (digest: string) => services.data?.items.filter(({ image }) => image === digest) ?? [];
  return (
    <Stack gap="sm">
      {model === undefined ? null : (
        <Text size="sm">
          Only images with {model}.{" "}
          <TextLink to="/use/images" underline="always">
            Show all
          </TextLink>
        </Text>
      )}
      <Loaded query={{ data: images, error: pages.error }}>
        {(all) =>
          all.length === 0 ? (
            <Empty command={`modelyard image build --model ${shellWord(model ?? "NAME")}`}>
              No images yet. A deployment builds what it needs; one can be built before:
            </Empty>
          ) : (
            <DataTable
              label="Images"
              columns={["Digest", "Models", "Entry script", "Engine", "Python", "Services", "Built", "By"]}
              minWidth={800}
            >
              {all.map(({ digest, models, script, engine, engineReason, python, createdAt, createdBy }) => (
                <Table.Tr key={digest}>
                  <Table.Td>
                    <TextLink to="/use/images/$digest" params={{ digest }} ff="monospace">
                      {digest.slice(0, 12)}
                    </TextLink>
                  </Table.Td>
                  <Table.Td miw="8rem">
                    {models.length === 0
                      ? "–"
                      : models.map((name) => <VersionLink key={name} reference={name} display="block" />)}
                  </Table.Td>
                  <Table.Td>{script ?? "–"}</Table.Td>
                  <Table.Td maw="16rem">
                    {engine}
                    <Text size="xs" c="dimmed" lineClamp={2}>
                      {engineReason}
                    </Text>
                  </Table.Td>
                  <Table.Td>{python ?? "not needed"}</Table.Td>
                  <Table.Td>
                    {usedBy(digest).map(({ name }) => (
                      <TextLink key={name} to="/use/services/$name" params={{ name }} display="block" size="sm">
                        {name}
                      </TextLink>
                    ))}
                  </Table.Td>
                  <Table.Td>
                    <Time at={createdAt} />
                  </Table.Td>
                  <Table.Td maw="10rem">{createdBy}</Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          )
        }
      </Loaded>
      <More of={pages} />
      <Text size="xs" c="dimmed">
        Images are made by deployments and by `modelyard image build`; the same parts give the same image.
      </Text>
    </Stack>
  );
}
