import type { LabelOutcome } from "../../../contract/labels.ts";
import type { Presenter } from "./presenter.ts";

export const addLabels: Presenter<"addLabels"> = (outcome) => ({ data: outcomeText(outcome) });

/** How labels were taken, in a line. */
export function outcomeText({ added, changed, unchanged, waiting }: LabelOutcome): string {
  const waits = waiting === 0 ? "" : `; ${waiting} wait for their record`;
  return `${added} added, ${changed} changed, ${unchanged} unchanged${waits}`;
}
