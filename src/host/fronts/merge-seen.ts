import type { SeenRevision, SeenState } from "../../contract/host.ts";

type Services = SeenState["services"];

/** What the fronts see as one; a front that is being started again, for `reason`, is undefined and sees nothing at first. */
export function mergeServices(fronts: readonly (SeenState | undefined)[], reason?: string): Services {
  const names = new Set(fronts.flatMap((front) => front?.services.map(({ name }) => name) ?? []));
  return [...names].map((name) => ({ name, revisions: mergeRevisions(name, fronts, reason) }));
}

function mergeRevisions(
  service: string,
  fronts: readonly (SeenState | undefined)[],
  reason: string | undefined,
): SeenRevision[] {
  const each = fronts.map((front) => front?.services.find(({ name }) => name === service)?.revisions ?? []);
  // one number can be there twice: what leaves, and what takes its place
  const keyOf = ({ number, state }: SeenRevision) => `${number}${state === "draining" ? " draining" : ""}`;
  const keys = new Set(each.flat().map(keyOf));
  return [...keys].map((key) =>
    mergeRevision(
      each.map((revisions) => revisions.find((one) => keyOf(one) === key)),
      reason,
    ),
  );
}

function mergeRevision(parts: readonly (SeenRevision | undefined)[], whyAgain: string | undefined): SeenRevision {
  const found = parts.filter((part) => part !== undefined);
  const failed = found.find(({ state }) => state === "failed");
  const [first] = found as [SeenRevision];
  const missing = found.length < parts.length ? "it is not in every front" : null;
  const isComing = missing !== null || found.some(({ state }) => state === "starting");
  return {
    number: first.number,
    image: first.image,
    share: first.share,
    state: stateOf(parts),
    reason:
      failed?.reason ?? found.find(({ reason }) => reason !== null)?.reason ?? (isComing ? whyAgain : null) ?? missing,
    logTail: failed?.logTail ?? [],
    replicas: found.flatMap(({ replicas }) => replicas),
  };
}

/** Ready when it is in every front, failed when it is in any. */
function stateOf(parts: readonly (SeenRevision | undefined)[]): SeenRevision["state"] {
  const is = (state: SeenRevision["state"]) => (part: SeenRevision | undefined) => part?.state === state;
  if (parts.some(is("failed"))) return "failed";
  if (parts.some(is("draining"))) return "draining";
  if (parts.every(is("ready"))) return "ready";
  return parts.some(is("ready")) || parts.some(is("degraded")) ? "degraded" : "starting";
}

/** Counts by reason, added up. */
export function mergeDropped(fronts: readonly (SeenState | undefined)[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const front of fronts)
    for (const [reason, count] of Object.entries(front?.dropped ?? {})) total[reason] = (total[reason] ?? 0) + count;
  return total;
}
