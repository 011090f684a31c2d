import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { DatasetActions } from "../../features/monitor/dataset-actions.tsx";
import { DatasetView } from "../../features/monitor/dataset-view.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Loaded } from "../../ui/loaded.tsx";

const route = getRouteApi("/monitor/datasets/$name");

export function DatasetPage() {
  const { name } = route.useParams();
  const { digest } = route.useSearch();
  const input = { name, ...(digest === undefined ? {} : { digest }) };
  const dataset = useQuery(ask("getDataset", input));
  return (
    <MonitorPage
      title={`Data set ${name}${digest === undefined ? "" : `@${digest}`}`}
      actions={
        <>
          {dataset.data === undefined ? null : <DatasetActions dataset={dataset.data} />}
          <CopyAs operation="getDataset" input={input} />
        </>
      }
    >
      <Loaded query={dataset}>{(found) => <DatasetView dataset={found} />}</Loaded>
    </MonitorPage>
  );
}
