import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { AlertActions } from "../../features/monitor/alert-actions.tsx";
import { AlertView } from "../../features/monitor/alert-view.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Loaded } from "../../ui/loaded.tsx";

const route = getRouteApi("/monitor/alerts/$name");

export function AlertPage() {
  const { name } = route.useParams();
  const alert = useQuery({ ...ask("getAlert", { name }), refetchInterval: 30_000 });
  return (
    <MonitorPage
      title={`Alert ${name}`}
      actions={
        <>
          <CopyAs operation="getAlert" input={{ name }} />
          {alert.data === undefined ? null : <AlertActions alert={alert.data} />}
        </>
      }
    >
      <Loaded query={alert}>{(found) => <AlertView alert={found} />}</Loaded>
    </MonitorPage>
  );
}
