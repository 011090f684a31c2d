import { Box, Stack, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { About } from "../../features/settings/about.tsx";
import { type Tab, tabs } from "../../features/settings/search.ts";
import { Session } from "../../features/settings/session.tsx";
import { Tokens } from "../../features/settings/tokens.tsx";
import { WebhookDetail } from "../../features/settings/webhook.tsx";
import { Webhooks } from "../../features/settings/webhooks.tsx";
import { useMay } from "../../session.ts";
import { NotAllowed } from "../../ui/not-allowed.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/settings");
const labels: Record<Tab, string> = { session: "Session", tokens: "Tokens", webhooks: "Webhooks", about: "About" };

export function SettingsPage() {
  const search = route.useSearch();
  const { tab = "session", webhook, status } = search;
  const navigate = route.useNavigate();
  const may = useMay();
  const lists = { tokens: "listTokens", webhooks: "listWebhooks" } as const;
  const listOf = (tab: Tab) => (tab === "tokens" || tab === "webhooks" ? lists[tab] : undefined);
  const isShown = (tab: Tab) => {
    const list = listOf(tab);
    return list === undefined || may(list);
  };
  const shown = tabs.filter(isShown);
  const refused = isShown(tab) ? undefined : listOf(tab);
  return (
    <Page title="Settings">
      <Tabs
        value={shown.includes(tab) ? tab : "session"}
        onChange={(value) => void navigate({ search: { tab: value as Tab } })}
      >
        <Tabs.List mb="md">
          {shown.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {labels[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {refused === undefined ? null : (
          <Box mb="md">
            <NotAllowed to={`see ${tab}`} operation={refused} />
          </Box>
        )}
        {shown.map((tab) => (
          <Tabs.Panel key={tab} value={tab}>
            <Stack gap="md">
              {tab === "session" ? <Session /> : null}
              {tab === "tokens" ? <Tokens /> : null}
              {tab === "about" ? <About /> : null}
              {tab !== "webhooks" ? null : webhook === undefined ? (
                <Webhooks />
              ) : (
                <WebhookDetail id={webhook} status={status} onSearch={(search) => void navigate({ search })} />
              )}
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
