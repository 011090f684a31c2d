import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { FilesTable } from "../../features/register/files-table.tsx";
import { History } from "../../features/register/history.tsx";
import { Served } from "../../features/register/served.tsx";
import { SignatureTable } from "../../features/register/signature-table.tsx";
import { ArchiveVersion, DeleteVersion } from "../../features/register/version-actions.tsx";
import { VersionFacts } from "../../features/register/version-facts.tsx";
import { useMay } from "../../session.ts";
import { ButtonLink, TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/models/$name/$version");

export function VersionPage() {
  const { name, version: number } = route.useParams();
  const reference = `${name}:${number}`;
  const may = useMay();
  const query = useQuery(ask("getModel", { name, version: Number(number) }));
  return (
    <Page
      title={reference}
      actions={
        query.data === undefined ? null : (
          <>
            {may("deployService") && query.data.archivedAt === null ? (
              <ButtonLink to="/use/deploy" search={{ model: reference }} size="xs">
                Deploy
              </ButtonLink>
            ) : null}
            <ButtonLink to="/register/compare" search={{ a: reference }} variant="default" size="xs">
              Compare
            </ButtonLink>
            <ArchiveVersion version={query.data} />
            <DeleteVersion version={query.data} />
          </>
        )
      }
    >
      <TextLink to="/register/models/$name" params={{ name }} size="sm" w="fit-content">
        All versions of {name}
      </TextLink>
      <Loaded query={query}>
        {(version) => (
          <>
            <VersionFacts key={reference} version={version} />
            <FilesTable key={`files of ${reference}`} version={version} />
            <SignatureTable version={version} />
            <Served name={name} version={version.version} />
            <History name={name} version={version.version} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
