import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { DataQualityView } from "../../features/monitor/data-quality-view.tsx";
import { DriftView } from "../../features/monitor/drift-view.tsx";
import { KeptView } from "../../features/monitor/kept-view.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { ProfileView } from "../../features/monitor/profile-view.tsx";
import { QualityView } from "../../features/monitor/quality-view.tsx";
import { ReportMenu } from "../../features/monitor/report-menu.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { useWhereabouts } from "../../features/monitor/use-whereabouts.ts";
import { ErrorCard } from "../../ui/error-card.tsx";
import { ButtonLink } from "../../ui/links.tsx";

const route = getRouteApi("/monitor/services/$name");
type Search = ReturnType<typeof route.useSearch>;
type Change = { [Key in keyof Search]?: Search[Key] | undefined };

const tabs = [
  ["drift", "Drift"],
  ["quality", "Quality"],
  ["data", "Data quality"],
  ["profile", "Profile"],
  ["rules", "What is kept"],
] as const;

export function ServicePage() {
  const { name } = route.useParams();
  const whereabouts = useWhereabouts(name);
  if (whereabouts === "nowhere")
    return (
      <MonitorPage title={name}>
        <ErrorCard error={new ModelyardError("service-not-found", { service: name })} />
      </MonitorPage>
    );
  return <WatchedService name={name} isHere={whereabouts === "here"} />;
}

function WatchedService({ name, isHere }: { name: string; isHere: boolean }) {
  const search = route.useSearch();
  const { tab = "drift", since = "1d" } = search;
  const navigate = route.useNavigate();
  const set = (change: Change) => void navigate({ search: given({ ...search, ...change }), replace: true });
  return (
    <MonitorPage
      title={name}
      actions={
        <>
          <ButtonLink variant="default" size="xs" to="/monitor/records" search={{ service: name }}>
            Records
          </ButtonLink>
          <ButtonLink variant="default" size="xs" to="/monitor/alerts" search={{ service: name }}>
            Alerts
          </ButtonLink>
          {isHere ? (
            <ButtonLink variant="default" size="xs" to="/use/services/$name" params={{ name }}>
              Service
            </ButtonLink>
          ) : null}
          <ReportMenu service={name} />
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => set({ tab: value as (typeof tabs)[number][0] })} keepMounted={false}>
        <Tabs.List mb="md">
          {tabs.map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="drift">
          <DriftView service={name} search={search} onSearch={set} />
        </Tabs.Panel>
        <Tabs.Panel value="quality">
          <QualityView service={name} search={search} onSearch={set} />
        </Tabs.Panel>
        <Tabs.Panel value="data">
          <DataQualityView service={name} since={since} onSince={(since) => set({ since })} />
        </Tabs.Panel>
        <Tabs.Panel value="profile">
          <ProfileView service={name} since={since} onSince={(since) => set({ since })} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <KeptView service={name} />
        </Tabs.Panel>
      </Tabs>
    </MonitorPage>
  );
}
