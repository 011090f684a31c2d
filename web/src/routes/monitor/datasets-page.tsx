import { getRouteApi } from "@tanstack/react-router";
import { DatasetsTable } from "../../features/monitor/datasets-table.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";

const route = getRouteApi("/monitor/datasets");

export function DatasetsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <MonitorPage title="Data sets">
      <ServiceSelect
        value={filter.service}
        onChange={(service) => void navigate({ search: given({ service }), replace: true })}
      />
      <DatasetsTable filter={filter} />
    </MonitorPage>
  );
}
