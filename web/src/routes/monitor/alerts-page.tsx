import { Group, SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { AlertsTable } from "../../features/monitor/alerts-table.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";
import { TryCondition } from "../../features/monitor/try-condition.tsx";

const route = getRouteApi("/monitor/alerts");

export function AlertsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <MonitorPage title="Alerts">
      <Group gap="sm" align="flex-end">
        <ServiceSelect
          value={filter.service}
          onChange={(service) => void navigate({ search: given({ ...filter, service }), replace: true })}
        />
        <SegmentedControl
          size="xs"
          aria-label="State"
          data={[{ value: "", label: "any state" }, "firing", "pending", "ok"]}
          value={filter.state ?? ""}
          onChange={(state) =>
            void navigate({
              search: given({ ...filter, state: (state || undefined) as typeof filter.state }),
              replace: true,
            })
          }
        />
      </Group>
      <AlertsTable filter={filter} />
      <TryCondition />
    </MonitorPage>
  );
}
