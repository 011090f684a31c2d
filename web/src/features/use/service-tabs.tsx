import { Box, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import type { OperationName } from "../../../../src/contract/operations.ts";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { useMay } from "../../session.ts";
import { NotAllowed } from "../../ui/not-allowed.tsx";
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

/** Tabs that not every role may open. */
const needs: Partial<Record<ServiceTab, { to: string; operation: OperationName }>> = {
  try: { to: "send requests", operation: "invokeService" },
  keys: { to: "make tokens for requests", operation: "createServiceToken" },
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
  const isHidden = (tab: ServiceTab) => {
    const operation = needs[tab]?.operation;
    return operation !== undefined && !may(operation);
  };
  const tabs = serviceTabs.filter((tab) => !isHidden(tab));
  const refused = search.tab !== undefined && isHidden(search.tab) ? needs[search.tab] : undefined;
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
      {refused === undefined ? null : (
        <Box mb="md">
          <NotAllowed {...refused} />
        </Box>
      )}
      {tabs.map((tab) => (
        <Tabs.Panel key={tab} value={tab}>
          {panels[tab]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
