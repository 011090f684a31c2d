import { getRouteApi } from "@tanstack/react-router";
import { RunningDeployments } from "../../features/use/deploy-progress.tsx";
import { ServicesTable } from "../../features/use/services-table.tsx";
import { useMay } from "../../session.ts";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use");

export function ServicesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  return (
    <Page
      title="Services"
      actions={
        <>
          <ButtonLink to="/use/images" variant="default" size="xs">
            Images
          </ButtonLink>
          {may("deployService") ? (
            <ButtonLink to="/use/deploy" size="xs">
              Deploy a service
            </ButtonLink>
          ) : null}
        </>
      }
    >
      <RunningDeployments />
      <ServicesTable search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
    </Page>
  );
}
