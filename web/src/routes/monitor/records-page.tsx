import { Button, Group, Menu, NativeSelect } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { FilterText } from "../../features/monitor/filter-text.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { RecordsTable } from "../../features/monitor/records-table.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { ServiceSelect } from "../../features/monitor/service-select.tsx";
import { addressOf } from "../../ui/address-of.ts";
import { commandOf } from "../../ui/command-line.ts";
import { CopyAs, CopyItems } from "../../ui/copy-as.tsx";
import { curlOf } from "../../ui/curl-line.ts";

const route = getRouteApi("/monitor/records");
type Filter = ReturnType<typeof route.useSearch>;

export function RecordsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: { [Key in keyof Filter]?: Filter[Key] | undefined }) =>
    void navigate({ search: given({ ...filter, ...change }), replace: true });
  return (
    <MonitorPage
      title="Records"
      actions={
        <>
          <Export filter={filter} />
          <CopyAs operation="listRecords" input={filter} />
        </>
      }
    >
      <Filters filter={filter} onChange={set} />
      <RecordsTable filter={filter} onClear={() => void navigate({ search: {}, replace: true })} />
    </MonitorPage>
  );
}

const spans = ["15m", "1h", "6h", "24h", "7d", "30d"];

function Filters({
  filter: { service, model, status, since, correlationId, traceId },
  onChange,
}: {
  filter: Filter;
  onChange: (change: { [Key in keyof Filter]?: Filter[Key] | undefined }) => void;
}) {
  return (
    <Group gap="sm" align="flex-start">
      <ServiceSelect value={service} onChange={(service) => onChange({ service })} />
      <NativeSelect
        label="Since"
        size="xs"
        w="7rem"
        data={[{ value: "", label: "Any time" }, ...[...new Set([...spans, ...(since === undefined ? [] : [since])])]]}
        value={since ?? ""}
        onChange={(event) => onChange({ since: event.currentTarget.value || undefined })}
      />
      <FilterText
        label="Status"
        width="6rem"
        placeholder="500 or 5xx"
        pattern={/^[1-5](\d\d|xx)$/}
        problem="500 or 5xx"
        value={status}
        onChange={(status) => onChange({ status })}
      />
      <FilterText
        label="Model"
        placeholder="digits or digits:2"
        value={model}
        onChange={(model) => onChange({ model })}
      />
      <FilterText
        label="Correlation id"
        placeholder="or request id"
        maxLength={100}
        value={correlationId}
        onChange={(correlationId) => onChange({ correlationId })}
      />
      <FilterText
        label="Trace"
        placeholder="32 hexadecimal digits"
        pattern={/^[0-9a-f]{32}$/}
        problem="32 hexadecimal digits"
        value={traceId}
        onChange={(traceId) => onChange({ traceId })}
      />
    </Group>
  );
}

/** The same records as a file; the browser writes it as it comes, whatever its size. */
function Export({ filter }: { filter: Filter }) {
  const download = (format: "jsonl" | "csv") => addressOf("exportRecords", { ...filter, format });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs">
          Export …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={download("jsonl")} download>
          JSON lines
        </Menu.Item>
        <Menu.Item component="a" href={download("csv")} download>
          CSV
        </Menu.Item>
        <Menu.Divider />
        <CopyItems
          command={`${commandOf("exportRecords", filter)} > records.jsonl`}
          curl={`${curlOf("exportRecords", filter, window.location.origin)} > records.jsonl`}
        />
      </Menu.Dropdown>
    </Menu>
  );
}
