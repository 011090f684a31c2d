import type { OutputOf } from "../../../../src/contract/operations.ts";

export type Entry = OutputOf<"getServiceHistory">["items"][number];
export type Change = OutputOf<"listChanges">["items"][number];
export type Service = OutputOf<"getService">;

const done: Record<Entry["action"], string> = {
  deploy: "Deployed",
  update: "Updated",
  "roll-back": "Rolled back",
  stop: "Stopped",
  start: "Started",
  delete: "Deleted",
  "regenerate-key": "Key replaced",
};
const going: Record<Entry["action"], string> = {
  deploy: "Deployment",
  update: "Update",
  "roll-back": "Rollback",
  stop: "Stop",
  start: "Start",
  delete: "Deletion",
  "regenerate-key": "New key",
};

/** What was done, or is being done, or was tried. */
export function actionText({ action, outcome }: Pick<Entry, "action" | "outcome">): string {
  if (outcome === "done") return done[action];
  return `${going[action]} ${outcome === "running" ? "running" : "failed"}`;
}

/**
 * The revisions that a service can go back to, newest first: those that answered since it was deployed last, but the one that
 * answers now. `history` is newest first.
 */
export function earlierRevisions(history: readonly Entry[], current: number): number[] {
  const end = history.findIndex(({ action, outcome }) => action === "deploy" && outcome === "done");
  const own = end < 0 ? history : history.slice(0, end + 1);
  return own.flatMap(({ revision, outcome, action }) =>
    revision !== null &&
    revision !== current &&
    outcome === "done" &&
    ["deploy", "update", "roll-back"].includes(action)
      ? [revision]
      : [],
  );
}

/** What a revision ran, by the differences that led to it and to those after it, as far as they are told. */
export function modelsOf(history: readonly Entry[], revision: number): string | undefined {
  const at = history.findIndex((entry) => entry.revision === revision);
  if (at < 0) return undefined;
  for (const { outcome, differences } of history.slice(at)) {
    const change = outcome === "done" ? differences.find(({ what }) => what === "models") : undefined;
    if (change?.to != null) return change.to;
  }
  return undefined;
}
