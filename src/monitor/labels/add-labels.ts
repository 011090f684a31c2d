import { ModelyardError } from "../../contract/errors.ts";
import type { NewLabel } from "../../contract/labels.ts";
import type { Handler, ParsedInputOf } from "../../contract/operations.ts";
import type { LabelPorts } from "./ports.ts";
import { mustKnowService, rowsOfLabel, storeLabels } from "./store-labels.ts";

export const addLabels =
  ({ db, clock, ingest }: LabelPorts): Handler<"addLabels"> =>
  async (input, { actor }) => {
    const labels = labelsOfInput(input).flatMap(rowsOfLabel);
    await ingest.catchUp();
    await mustKnowService(db, input.service);
    return storeLabels(db, input.service, labels, { by: actor.name, at: clock.now() });
  };

function labelsOfInput({ id, value, row, at, labels }: ParsedInputOf<"addLabels">): NewLabel[] {
  const isOne = id !== undefined && value !== undefined;
  if (isOne && labels === undefined) return [{ id, value, row, at }];
  if (labels !== undefined && [id, value, row, at].every((member) => member === undefined)) return labels;
  throw new ModelyardError("invalid-input", { problems: "give id and value of one label, or `labels` with many" });
}
