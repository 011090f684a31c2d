import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { ask } from "../../api.ts";
import { DeployProgress } from "../../features/use/deploy-progress.tsx";
import { useDeployment } from "../../features/use/deployments.ts";
import { ServiceActions } from "../../features/use/service-actions.tsx";
import { ServiceGone } from "../../features/use/service-gone.tsx";
import { ServiceStanding } from "../../features/use/service-standing.tsx";
import { ServiceTabs } from "../../features/use/service-tabs.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use/services/$name");

export function ServicePage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const deployment = useDeployment(name);
  // replicas come and go without an event
  const isDeploying = deployment?.state === "running";
  const query = useQuery({
    ...ask("getService", { name }),
    enabled: !isDeploying,
    refetchInterval: ({ state }) => (state.status === "error" ? false : 5_000),
  });
  const isGone = query.error instanceof ModelyardError && query.error.code === "service-not-found";
  const service = isGone ? undefined : query.data;
  return (
    <Page title={name} actions={service === undefined ? null : <ServiceActions service={service} />}>
      {isDeploying || isGone ? <DeployProgress name={name} /> : null}
      {isDeploying ? null : isGone ? (
        <ServiceGone name={name} error={query.error} />
      ) : (
        <Loaded query={query}>
          {(found) => (
            <>
              <ServiceStanding service={found} />
              <DeployProgress name={name} />
              <ServiceTabs
                service={found}
                search={search}
                onTab={(tab) => void navigate({ search: { tab } })}
                onSearch={(next) => void navigate({ search: next, replace: true })}
              />
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}
