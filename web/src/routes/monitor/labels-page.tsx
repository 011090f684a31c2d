import { Group, SimpleGrid } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { AddLabel } from "../../features/monitor/add-label.tsx";
import { FilterText } from "../../features/monitor/filter-text.tsx";
import { ImportLabels } from "../../features/monitor/import-labels.tsx";
import { LabelCoverage } from "../../features/monitor/label-coverage.tsx";
import { LabelsTable } from "../../features/monitor/labels-table.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";

const route = getRouteApi("/monitor/labels");
type Filter = ReturnType<typeof route.useSearch>;

export function LabelsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: { [Key in keyof Filter]?: Filter[Key] | undefined }) =>
    void navigate({ search: given({ ...filter, ...change }), replace: true });
  const { service } = filter;
  return (
    <MonitorPage title="Labels">
      <Group gap="sm" align="flex-start">
        <ServiceSelect value={service} onChange={(service) => set({ service })} />
        <FilterText label="Request id" value={filter.id} onChange={(id) => set({ id })} />
      </Group>
      {service === undefined ? (
        <ImportLabels service={undefined} />
      ) : (
        <>
          <LabelCoverage service={service} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <ImportLabels service={service} />
            <AddLabel service={service} />
          </SimpleGrid>
        </>
      )}
      <LabelsTable filter={filter} />
    </MonitorPage>
  );
}
