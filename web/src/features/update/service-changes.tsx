import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { ask, askPages } from "../../api.ts";
import { useMay } from "../../session.ts";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { More } from "../../ui/more.tsx";
import { NotAllowed } from "../../ui/not-allowed.tsx";
import { Section } from "../../ui/section.tsx";
import { ServiceState } from "../../ui/service-state.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { earlierRevisions, modelsOf, type Service } from "./history.ts";
import { RollBack } from "./roll-back.tsx";
import { RunningChange } from "./running-change.tsx";
import { Timeline } from "./timeline.tsx";
import { UpdateForm } from "./update-form.tsx";
import { useRollOut } from "./use-roll-out.ts";

export interface ChangeSearch {
  /** What is being prepared. */
  change?: "update" | "roll-back";
  /** The revision to go back to. */
  to?: number;
}

/** A service's revisions: what answers, how it came to that, and the ways on and back. */
export function ServiceChanges({
  name,
  search,
  onSearch,
}: {
  name: string;
  search: ChangeSearch;
  onSearch: (search: ChangeSearch) => void;
}) {
  // a change that was started elsewhere is in the history from its first moment, and no event tells that it began
  const history = useInfiniteQuery({
    ...askPages("getServiceHistory", { name, pageSize: 50 }),
    refetchInterval: 3_000,
  });
  const service = useQuery({ ...ask("getService", { name }), refetchInterval: 10_000, retry: false });
  const usage = useQuery(ask("summariseUsage", { by: "revision", service: name, since: "30d" }));
  const rollOut = useRollOut(name);
  const mayChange = useMay()("updateService");
  return (
    <Loaded query={history}>
      {({ items: entries }) => {
        const current = service.data?.revision ?? 0;
        const isThere = service.data !== undefined && service.data.state !== "stopped";
        const earlier = mayChange && isThere ? earlierRevisions(entries, current) : [];
        const running = entries.find(({ outcome }) => outcome === "running");
        return (
          <Stack gap="md">
            <RunningChange entry={running} rollOut={rollOut} />
            {service.data === undefined ? (
              <Absent error={service.error} />
            ) : (
              <Now
                service={service.data}
                earlier={earlier}
                isBusy={running !== undefined || rollOut.isPending}
                onSearch={onSearch}
              />
            )}
            {search.change === undefined || mayChange ? null : (
              <NotAllowed to="update a service or roll it back" operation="updateService" />
            )}
            {mayChange && search.change === "update" && service.data !== undefined ? (
              <UpdateForm service={service.data} rollOut={rollOut} onDone={() => onSearch({})} />
            ) : null}
            {search.change === "roll-back" && service.data !== undefined && earlier[0] !== undefined ? (
              <RollBack
                service={service.data}
                earlier={earlier}
                to={earlier.find((revision) => revision === search.to) ?? earlier[0]}
                modelsOf={(revision) => modelsOf(entries, revision)}
                rollOut={rollOut}
                onTo={(to) => onSearch({ change: "roll-back", to })}
                onClose={() => onSearch({})}
              />
            ) : null}
            <Section title="Revisions and changes">
              <Timeline
                entries={entries}
                current={current}
                usageOf={(revision) => usage.data?.items.find((item) => item.revision === revision)}
                canGoBackTo={(revision) => earlier.includes(revision)}
                onRollBack={(to) => onSearch({ change: "roll-back", to })}
              />
              <More of={history} />
            </Section>
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Absent({ error }: { error: unknown }) {
  if (error === null) return null;
  const isDeleted = error instanceof ModelyardError && error.code === "service-not-found";
  return isDeleted ? <Text size="sm">This service was deleted. Its history stays.</Text> : <ErrorCard error={error} />;
}

function Now({
  service: { name, state, reason, revision, models, image, engine, engineReason, updatedAt },
  earlier,
  isBusy,
  onSearch,
}: {
  service: Service;
  earlier: readonly number[];
  isBusy: boolean;
  onSearch: (search: ChangeSearch) => void;
}) {
  const may = useMay();
  return (
    <Section
      title={`Revision ${revision} answers`}
      actions={
        may("updateService") && state !== "stopped" ? (
          <>
            <Button size="xs" disabled={isBusy} onClick={() => onSearch({ change: "update" })}>
              Update
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={isBusy || earlier.length === 0}
              onClick={() => onSearch({ change: "roll-back" })}
            >
              Roll back
            </Button>
          </>
        ) : null
      }
    >
      <Fields
        entries={[
          [
            "State",
            <Group gap="xs" key="state">
              <ServiceState state={state} />
              {reason}
            </Group>,
          ],
          ["Traffic", state === "stopped" ? "None: the service is stopped" : `All requests go to revision ${revision}`],
          [
            "Versions",
            <Group gap="xs" key="versions">
              {models.map((reference) => (
                <VersionLink key={reference} reference={reference} />
              ))}
            </Group>,
          ],
          ["Engine", `${engine}: ${engineReason}`],
          [
            "Image",
            <TextLink key="image" to="/use/images/$digest" params={{ digest: image }} ff="monospace">
              {image.slice(0, 12)}
            </TextLink>,
          ],
          ["Since", <Time key="since" at={updatedAt} />],
          [
            "Service",
            <TextLink key="service" to="/use/services/$name" params={{ name }}>
              Try it, logs, keys
            </TextLink>,
          ],
        ]}
      />
    </Section>
  );
}
