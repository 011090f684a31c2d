import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { EraseRecord } from "../../features/monitor/erase-record.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { RecordContent } from "../../features/monitor/record-content.tsx";
import { RecordFacts } from "../../features/monitor/record-facts.tsx";
import { RecordLabels } from "../../features/monitor/record-labels.tsx";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Loaded } from "../../ui/loaded.tsx";

const route = getRouteApi("/monitor/records/$id");

export function RecordPage() {
  const { id } = route.useParams();
  const { mirrored = false } = route.useSearch();
  const input = { id, ...(mirrored ? { mirrored } : {}) };
  const record = useQuery({ ...ask("getRecord", input), staleTime: 60_000 });
  return (
    <MonitorPage
      title={`Record ${id}`}
      actions={
        <>
          <CopyAs operation="getRecord" input={input} />
          {record.data === undefined ? null : <EraseRecord record={record.data} />}
        </>
      }
    >
      <Loaded query={record}>
        {(found) => (
          <>
            <RecordFacts record={found} />
            <RecordContent record={found} />
            {found.mirrored ? null : <RecordLabels record={found} />}
          </>
        )}
      </Loaded>
    </MonitorPage>
  );
}
