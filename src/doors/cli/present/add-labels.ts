import type { LabelOutcome } from "../../../contract/labels.ts";
import type { Presenter } from "./presenter.ts";

export const addLabels: Presenter<"addLabels"> = (outcome, { input }) => ({
  data: outcomeText(outcome),
  ...waitingTalk(outcome, String(input.service)),
});

/** Which ids have no record, and where to see those that have. */
export function waitingTalk({ waiting, waitingIds }: LabelOutcome, service: string): { talk?: string } {
  if (waiting === 0) return {};
  const shown = waitingIds.join(", ");
  return {
    talk: `No request is kept under: ${shown}${waiting > waitingIds.length ? ", …" : ""}. Compare: modelyard record list --service ${service}`,
  };
}

/** How labels were taken, in a line. */
export function outcomeText({ added, changed, unchanged, waiting }: LabelOutcome): string {
  const waits = waiting === 0 ? "" : `; ${waiting} wait for their record`;
  return `${added} added, ${changed} changed, ${unchanged} unchanged${waits}`;
}
