import type { LabelOutcome } from "../../../contract/labels.ts";
import type { Presenter } from "./presenter.ts";

export const addLabels: Presenter<"addLabels"> = (outcome, { input }) => ({
  data: outcomeText(outcome),
  ...unmatchedTalk(outcome, String(input.service)),
});

/** Which ids have no record, or one of fewer rows, and where to see what there is. */
export function unmatchedTalk(
  { waiting, waitingIds, beyond, beyondIds }: LabelOutcome,
  service: string,
): { talk?: string } {
  const shown = (ids: string[], count: number) => `${ids.join(", ")}${count > ids.length ? ", …" : ""}`;
  const lines = [];
  if (waiting > 0)
    lines.push(
      `No request is kept under: ${shown(waitingIds, waiting)}. Compare: modelyard record list --service ${service}`,
    );
  if (beyond > 0)
    lines.push(
      `Rows are counted from 0, and there are fewer in: ${shown(beyondIds, beyond)}. Compare: modelyard record show ${beyondIds[0]}`,
    );
  return lines.length === 0 ? {} : { talk: lines.join("\n") };
}

/** How labels were taken, in a line. */
export function outcomeText({ added, changed, unchanged, waiting, beyond, erased }: LabelOutcome): string {
  const waits = waiting === 0 ? "" : `; ${waiting} wait for their record`;
  const none = beyond === 0 ? "" : `; ${beyond} belong to rows that are not there`;
  const gone = erased === 0 ? "" : `; ${erased} of an erased request, not kept`;
  return `${added} added, ${changed} changed, ${unchanged} unchanged${waits}${none}${gone}`;
}
