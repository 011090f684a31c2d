import { getRouteApi } from "@tanstack/react-router";
import { ModelsTable } from "../../features/register/models-table.tsx";
import { SearchBox } from "../../features/register/search-box.tsx";
import { useMay } from "../../session.ts";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register");

export function ModelsPage() {
  const { filter = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  return (
    <Page
      title="Models"
      actions={
        <>
          <ButtonLink to="/register/compare" variant="default" size="xs">
            Compare versions
          </ButtonLink>
          {may("registerModel") ? (
            <ButtonLink to="/register/upload" size="xs">
              Upload a model
            </ButtonLink>
          ) : null}
        </>
      }
    >
      <SearchBox
        value={filter}
        onChange={(text) => void navigate({ search: text === "" ? {} : { filter: text }, replace: true })}
      />
      <ModelsTable search={filter} />
    </Page>
  );
}
