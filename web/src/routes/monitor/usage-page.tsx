import { Group, NativeSelect, SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { FilterText } from "../../features/monitor/filter-text.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";
import { UnusedModels } from "../../features/monitor/unused-models.tsx";
import { groupings, type UsageSpan, UsageView, usageSteps } from "../../features/monitor/usage-view.tsx";

const route = getRouteApi("/monitor/usage");

export function UsagePage() {
  const search = route.useSearch();
  const { by = "service", since = "24h", service, model, unused = "30" } = search;
  const navigate = route.useNavigate();
  const set = (change: { [Key in keyof typeof search]?: (typeof search)[Key] | undefined }) =>
    void navigate({ search: given({ ...search, ...change }), replace: true });
  return (
    <MonitorPage title="Usage">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label="By"
          size="xs"
          data={groupings}
          value={by}
          onChange={(event) => set({ by: event.currentTarget.value as (typeof groupings)[number] })}
        />
        <ServiceSelect value={service} onChange={(service) => set({ service })} />
        <FilterText label="Model" placeholder="digits or digits:2" value={model} onChange={(model) => set({ model })} />
        <SegmentedControl
          size="xs"
          aria-label="Span of time"
          data={Object.keys(usageSteps)}
          value={since}
          onChange={(value) => set({ since: value as UsageSpan })}
        />
      </Group>
      <UsageView by={by} since={since} service={service} model={model} />
      <UnusedModels
        days={Number(unused)}
        choice={
          <SegmentedControl
            size="xs"
            aria-label="Days without a request"
            data={[
              { value: "1", label: "1 day" },
              { value: "7", label: "7 days" },
              { value: "30", label: "30 days" },
              { value: "90", label: "90 days" },
            ]}
            value={unused}
            onChange={(value) => set({ unused: value as typeof unused })}
          />
        }
      />
    </MonitorPage>
  );
}
