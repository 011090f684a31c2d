import { Button, Code, Group, Stack, Text } from "@mantine/core";
import type { AnswerOf } from "../../api.ts";
import { countText, durationText, percentText } from "../../ui/numbers.ts";
import { State } from "../../ui/state.tsx";
import { Time } from "../../ui/time.tsx";
import { Differences } from "./differences.tsx";
import { actionText, type Entry } from "./history.ts";

type Usage = AnswerOf<"summariseUsage">["items"][number];

/** What happened to a service, newest first: who, when, why, what differed, and how each revision did. */
export function Timeline({
  entries,
  current,
  usageOf,
  canGoBackTo,
  onRollBack,
}: {
  entries: readonly Entry[];
  current: number;
  usageOf: (revision: number) => Usage | undefined;
  canGoBackTo: (revision: number) => boolean;
  onRollBack: (revision: number) => void;
}) {
  return (
    <ol className="timeline">
      {entries.map((entry) => {
        const { revision, outcome, reason, differences, error } = entry;
        const usage = revision === null ? undefined : usageOf(revision);
        return (
          <li key={entry.id} data-outcome={outcome} data-current={revision !== null && revision === current}>
            <Stack gap={6}>
              <Group gap="xs" justify="space-between" align="flex-start">
                <Group gap="xs" style={{ flex: "1 1 16rem" }}>
                  <Text component="h3" fz="md" fw={600} m={0}>
                    {revision === null ? actionText(entry) : `Revision ${revision}`}
                  </Text>
                  {revision === null ? null : <Text size="sm">{actionText(entry).toLowerCase()}</Text>}
                  {revision === current ? <State word="answers now" color="green" /> : null}
                  {outcome === "failed" ? <State word="failed" color="red" /> : null}
                  {outcome === "running" ? <State word="running" color="blue" /> : null}
                </Group>
                <Text size="sm" c="dimmed">
                  {entry.by}, <Time at={entry.at} />
                </Text>
              </Group>
              {reason === null ? null : <Text size="sm">{reason}</Text>}
              {differences.length === 0 ? null : <Differences differences={differences} />}
              {error === null ? null : (
                <Code
                  block
                  mah="12rem"
                  style={{ overflow: "auto" }}
                  tabIndex={0}
                  role="group"
                  aria-label="Why it failed"
                >
                  {error}
                </Code>
              )}
              {usage === undefined ? null : <Traffic usage={usage} />}
              {revision !== null && canGoBackTo(revision) ? (
                <Button variant="default" size="compact-xs" w="fit-content" onClick={() => onRollBack(revision)}>
                  Roll back to revision {revision}
                </Button>
              ) : null}
            </Stack>
          </li>
        );
      })}
    </ol>
  );
}

const Traffic = ({ usage: { requests, errors, p95Ms } }: { usage: Usage }) => (
  <Text size="sm" c="dimmed">
    {countText(requests)} requests in 30 days, {percentText(errors / Math.max(1, requests))} errors
    {p95Ms === null ? "" : `, p95 ${durationText(p95Ms)}`}
  </Text>
);
