import type { WantedState } from "../../contract/host.ts";
import { usualRequests } from "../admission.ts";

/**
 * What one of `count` fronts is to run, `index` from 0: every revision, with its part of the replicas and of the requests at a time, and
 * one at least of each, as every front must be able to answer every request.
 */
export function wantedOfFront(wanted: WantedState, index: number, count: number): WantedState {
  const part = (whole: number) => Math.max(1, Math.floor(whole / count) + (index < whole % count ? 1 : 0));
  return {
    ...wanted,
    services: wanted.services.map((service) => ({
      ...service,
      maxConcurrentRequests: part(service.maxConcurrentRequests ?? usualRequests),
      revisions: service.revisions.map((revision) => ({ ...revision, replicas: part(revision.replicas) })),
    })),
  };
}
