import { getRouteApi } from "@tanstack/react-router";
import { ServiceChanges } from "../../features/update/service-changes.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/update/services/$name");

export function ServiceChangesPage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={`Revisions of ${name}`}>
      <ServiceChanges
        key={name}
        name={name}
        search={search}
        onSearch={(search) => void navigate({ search, resetScroll: false })}
      />
    </Page>
  );
}
