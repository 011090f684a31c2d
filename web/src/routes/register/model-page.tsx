import { getRouteApi } from "@tanstack/react-router";
import { History } from "../../features/register/history.tsx";
import { DeleteModel, RenameModel } from "../../features/register/model-actions.tsx";
import { ModelFacts } from "../../features/register/model-facts.tsx";
import { Served } from "../../features/register/served.tsx";
import { useModel } from "../../features/register/use-model.ts";
import { VersionsTable } from "../../features/register/versions-table.tsx";
import { useMay } from "../../session.ts";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  const may = useMay();
  const isThere = useModel(name).data?.items.length === 1;
  return (
    <Page
      title={name}
      actions={
        isThere ? (
          <>
            {may("registerModel") ? (
              <ButtonLink to="/register/upload" search={{ model: name }} size="xs">
                Upload a version
              </ButtonLink>
            ) : null}
            <RenameModel name={name} />
            <DeleteModel name={name} />
          </>
        ) : null
      }
    >
      <ModelFacts key={name} name={name}>
        <VersionsTable name={name} />
        <Served name={name} />
        <History name={name} />
      </ModelFacts>
    </Page>
  );
}
