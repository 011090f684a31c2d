import { Alert, Group, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { DeployProgress } from "../../features/use/deploy-progress.tsx";
import { type ServiceSearch, serviceTabs } from "../../features/use/search.ts";
import { ServiceActions } from "../../features/use/service-actions.tsx";
import { ServiceKeys } from "../../features/use/service-keys.tsx";
import { ServiceLogs } from "../../features/use/service-logs.tsx";
import { ServiceOverview } from "../../features/use/service-overview.tsx";
import { Snippets } from "../../features/use/snippets.tsx";
import { StateWord } from "../../features/use/state-word.tsx";
import { TryService } from "../../features/use/try-service.tsx";
import { useMay } from "../../session.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use/services/$name");

const labels = { overview: "Overview", try: "Try it", snippets: "Snippets", keys: "Keys", logs: "Logs" } as const;

export function ServicePage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  // replicas come and go without an event
  const query = useQuery({ ...ask("getService", { name }), refetchInterval: 5_000 });
  const onSearch = (next: ServiceSearch) => void navigate({ search: next, replace: true });
  const allowed = {
    overview: true,
    try: may("invokeService"),
    snippets: true,
    keys: may("createServiceToken"),
    logs: true,
  };
  const tabs = serviceTabs.filter((tab) => allowed[tab]);
  const tab = tabs.find((known) => known === search.tab) ?? "overview";
  const { data: service } = query;
  return (
    <Page title={name} actions={service === undefined ? null : <ServiceActions service={service} />}>
      <DeployProgress name={name} />
      <Loaded query={query}>
        {(service) => (
          <>
            <Group gap="xs" mt="-0.75rem">
              <StateWord state={service.state} />
              <span>
                {service.models.join(", ")}
                {service.revision === 0 ? "" : ` · revision ${service.revision}`}
              </span>
            </Group>
            {service.reason === null ? null : (
              <Alert
                color={service.state === "failed" ? "red" : "orange"}
                variant="light"
                title={`Why it is ${service.state}`}
              >
                {service.reason}
              </Alert>
            )}
            <Tabs
              value={tab}
              onChange={(next) => void navigate({ search: { tab: serviceTabs.find((known) => known === next) } })}
              keepMounted={false}
            >
              <Tabs.List mb="md">
                {tabs.map((known) => (
                  <Tabs.Tab key={known} value={known}>
                    {labels[known]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="overview">
                <ServiceOverview service={service} search={search} onSearch={onSearch} />
              </Tabs.Panel>
              <Tabs.Panel value="try">
                <TryService service={service} search={search} onSearch={onSearch} />
              </Tabs.Panel>
              <Tabs.Panel value="snippets">
                <Snippets service={service} search={search} onSearch={onSearch} />
              </Tabs.Panel>
              <Tabs.Panel value="keys">
                <ServiceKeys service={service} />
              </Tabs.Panel>
              <Tabs.Panel value="logs">
                <ServiceLogs service={service} search={search} onSearch={onSearch} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </Loaded>
    </Page>
  );
}
