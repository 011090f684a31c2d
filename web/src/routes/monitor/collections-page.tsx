import { getRouteApi } from "@tanstack/react-router";
import { CollectionsTable } from "../../features/monitor/collections-table.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";

const route = getRouteApi("/monitor/collections");

export function CollectionsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <MonitorPage title="Collections">
      <ServiceSelect
        value={filter.service}
        onChange={(service) => void navigate({ search: given({ service }), replace: true })}
      />
      <CollectionsTable filter={filter} />
    </MonitorPage>
  );
}
