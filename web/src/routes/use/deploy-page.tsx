import { getRouteApi } from "@tanstack/react-router";
import { DeployForm } from "../../features/use/deploy-form.tsx";
import { useMay } from "../../session.ts";
import { Empty } from "../../ui/empty.tsx";
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
        <Empty>Your role may not deploy. A contributor or an admin can.</Empty>
      )}
    </Page>
  );
}
