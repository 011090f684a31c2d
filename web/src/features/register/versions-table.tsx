import { Group, Stack, Switch, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AnswerOf, askPages } from "../../api.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { ButtonLink, TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { bytesText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { DatasetLink } from "./dataset-link.tsx";
import { useLiveServices } from "./live-services.ts";
import { ServiceLinks } from "./service-links.tsx";

type Version = AnswerOf<"listModels">["items"][number];

/** The versions of a model, newest first. */
export function VersionsTable({ name }: { name: string }) {
  const [archived, setArchived] = useState<"hide" | "show">("hide");
  const versions = useInfiniteQuery(askPages("listModels", { name, archived, orderBy: "version DESC", pageSize: 50 }));
  const { byVersion, unknown } = useLiveServices(name);
  const [b, a] = versions.data?.items ?? [];
  return (
    <Section
      title="Versions"
      actions={
        <Group gap="md">
          <Switch
            size="xs"
            label="Show archived"
            checked={archived === "show"}
            onChange={(event) => setArchived(event.currentTarget.checked ? "show" : "hide")}
          />
          {a === undefined || b === undefined ? null : (
            <ButtonLink to="/register/compare" search={{ a: a.reference, b: b.reference }} variant="default" size="xs">
              Compare
            </ButtonLink>
          )}
        </Group>
      }
    >
      <Loaded query={versions}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <Empty command={`modelyard model register model.pkl --name ${shellWord(name)}`}>
                No version {archived === "hide" ? "that is not archived" : "yet"}.
              </Empty>
            );
          return (
            <Stack>
              <DataTable
                label="Versions"
                minWidth={820}
                columns={[
                  "Version",
                  "Marks",
                  "Live in",
                  "Framework",
                  { label: "Size", align: "right" },
                  "Data set",
                  "Registered",
                  "By",
                ]}
              >
                {items.map((version) => (
                  <VersionRow
                    key={version.version}
                    version={version}
                    services={byVersion && (byVersion.get(version.reference) ?? [])}
                    unknown={unknown}
                  />
                ))}
              </DataTable>
              <More of={versions} />
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

function VersionRow({
  version,
  services,
  unknown,
}: {
  version: Version;
  services: readonly string[] | undefined;
  unknown: string;
}) {
  const { name, lineage } = version;
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink
          to="/register/models/$name/$version"
          params={{ name, version: String(version.version) }}
          fw={500}
          aria-label={`Version ${version.version}`}
        >
          {version.version}
        </TextLink>
      </Table.Td>
      <Table.Td>
        <Marks version={version} />
      </Table.Td>
      <Table.Td>
        <ServiceLinks services={services} unknown={unknown} />
      </Table.Td>
      <Table.Td>{[version.framework, version.frameworkVersion].filter(Boolean).join(" ") || "–"}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {version.external ? "at its source" : bytesText(version.size)}
      </Table.Td>
      <Table.Td>{lineage.dataset === undefined ? "–" : <DatasetLink reference={lineage.dataset} />}</Table.Td>
      <Table.Td>
        <Time at={version.createdAt} />
      </Table.Td>
      <Table.Td>{version.createdBy}</Table.Td>
    </Table.Tr>
  );
}

/** What a version is marked with: aliases, a stage, that it is archived. */
export function Marks({
  version: { aliases, stage, archivedAt },
}: {
  version: Pick<Version, "aliases" | "stage" | "archivedAt">;
}) {
  if (aliases.length === 0 && stage === "None" && archivedAt === null) return "–";
  return (
    <Group gap={4}>
      {aliases.map((alias) => (
        <State key={alias} word={`@${alias}`} color="cyan" />
      ))}
      {stage === "None" ? null : <State word={`Stage: ${stage}`} />}
      {archivedAt === null ? null : <State word="Archived" color="orange" />}
    </Group>
  );
}
