import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { CollectionView } from "../../features/monitor/collection-view.tsx";
import { FilterText } from "../../features/monitor/filter-text.tsx";
import { MonitorPage } from "../../features/monitor/monitor-page.tsx";
import { given } from "../../features/monitor/search-values.ts";
import { addressOf } from "../../ui/address-of.ts";
import { CopyAs } from "../../ui/copy-as.tsx";

const route = getRouteApi("/monitor/collections/$service/$collection");

export function CollectionPage() {
  const { service, collection } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const input = { service, collection, ...search };
  return (
    <MonitorPage
      title={`${collection} of ${service}`}
      actions={
        <>
          <Button
            component="a"
            variant="default"
            size="xs"
            href={addressOf("exportCollection", { service, collection, format: "csv" })}
            download
          >
            Export as CSV
          </Button>
          <CopyAs operation="getCollection" input={input} />
        </>
      }
    >
      <FilterText
        label="Correlation id"
        placeholder="or request id"
        value={search.correlationId}
        onChange={(correlationId) => void navigate({ search: given({ correlationId }), replace: true })}
      />
      <CollectionView {...input} />
    </MonitorPage>
  );
}
