import { getRouteApi } from "@tanstack/react-router";
import { DeployForm } from "../../features/use/deploy-form.tsx";
import { useMay } from "../../session.ts";
import { NotAllowed } from "../../ui/not-allowed.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use/deploy");

export function DeployPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  return (
    <Page title="Deploy a service">
      {may("deployService") ? (
        <DeployForm
          key={`${search.model} ${search.image}`}
          search={search}
          onName={(name) => void navigate({ search: { ...search, name }, replace: true })}
          onDone={(name) => {
            // who has left meanwhile stays where they are
            if (window.location.pathname === "/use/deploy")
              void navigate({ to: "/use/services/$name", params: { name }, search: {} });
          }}
        />
      ) : (
        <NotAllowed to="deploy a service" operation="deployService" />
      )}
    </Page>
  );
}
