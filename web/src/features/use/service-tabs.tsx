import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { useMay } from "../../session.ts";
import { type ServiceSearch, type ServiceTab, serviceTabs } from "./search.ts";
import { ServiceKeys } from "./service-keys.tsx";
import { ServiceLogs } from "./service-logs.tsx";
import { ServiceOverview } from "./service-overview.tsx";
import { Snippets } from "./snippets.tsx";
import { TryService } from "./try-service.tsx";

const labels: Record<ServiceTab, string> = {
  overview: "Overview",
  try: "Try it",
  snippets: "Snippets",
  keys: "Keys",
  logs: "Logs",
};

/** What can be seen of a service and done with it, one at a time. */
export function ServiceTabs({
  service,
  search,
  onTab,
  onSearch,
}: {
  service: ServiceDetail;
  search: ServiceSearch;
  onTab: (tab: ServiceTab | undefined) => void;
  onSearch: (search: ServiceSearch) => void;
}) {
  const may = useMay();
  const hidden: readonly ServiceTab[] = [
    ...(may("invokeService") ? [] : (["try"] as const)),
    ...(may("createServiceToken") ? [] : (["keys"] as const)),
  ];
  const tabs = serviceTabs.filter((tab) => !hidden.includes(tab));
  const asked = { service, search, onSearch };
  const panels: Record<ServiceTab, ReactNode> = {
    overview: <ServiceOverview {...asked} />,
    try: <TryService {...asked} />,
    snippets: <Snippets {...asked} />,
    keys: <ServiceKeys service={service} />,
    logs: <ServiceLogs {...asked} />,
  };
  return (
    <Tabs
      value={tabs.find((tab) => tab === search.tab) ?? "overview"}
      onChange={(next) => onTab(tabs.find((tab) => tab === next))}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {tabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab} px="0.65rem">
            {labels[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab} value={tab}>
          {panels[tab]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
