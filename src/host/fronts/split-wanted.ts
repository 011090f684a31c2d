import type { WantedState } from "../../contract/host.ts";

/**
 * What one of `count` fronts is to run, `index` from 0: every revision, with its part of the replicas, and one at least, as
 * every front must be able to answer every request.
 */
export function wantedOfFront(wanted: WantedState, index: number, count: number): WantedState {
  const part = (replicas: number) => Math.max(1, Math.floor(replicas / count) + (index < replicas % count ? 1 : 0));
  return {
    ...wanted,
    services: wanted.services.map((service) => ({
      ...service,
      revisions: service.revisions.map((revision) => ({ ...revision, replicas: part(revision.replicas) })),
    })),
  };
}
