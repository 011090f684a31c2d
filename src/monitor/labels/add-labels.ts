import { ModelyardError } from "../../contract/errors.ts";
import type { NewLabel } from "../../contract/labels.ts";
import type { Handler, ParsedInputOf } from "../../contract/operations.ts";
import { isKnownService, mustKnowService } from "../known-services.ts";
import type { LabelPorts } from "./ports.ts";
import type { OneLabel } from "./rows.ts";
import { rowsOfLabel } from "./rows-of-label.ts";
import { storeLabels } from "./store-labels.ts";
import { type Waiting, waitingLabels } from "./waiting.ts";

/** Spools are asked for records only when something is not here: most labels come long after theirs. */
export const addLabels =
  (ports: LabelPorts): Handler<"addLabels"> =>
  async (input, { actor }) => {
    const { db, clock, ingest } = ports;
    const { service } = input;
    const labels = labelsOfInput(input).flatMap((label) =>
      rowsOfLabel(label, clock.now(), (reason) => invalid(`${label.id}: ${reason}`)),
    );
    if (!(await isKnownService(db, service))) await ingest.catchUp();
    await mustKnowService(db, service);
    const { stored, kept } = await storeLabels(db, service, labels, { by: actor.name, at: clock.now() });
    const told = await lookWhatWaits(ports, service, kept);
    if (told.waiting === 0) return { ...stored, ...told };
    await ingest.catchUp();
    return { ...stored, ...(await lookWhatWaits(ports, service, kept)) };
  };

async function lookWhatWaits(ports: LabelPorts, service: string, labels: readonly OneLabel[]): Promise<Waiting> {
  const waiting = waitingLabels(ports, service);
  await waiting.add(labels);
  return waiting.told();
}

function labelsOfInput({ id, value, row, at, labels }: ParsedInputOf<"addLabels">): NewLabel[] {
  const isOne = id !== undefined && value !== undefined;
  if (isOne && labels === undefined) return [{ id, value, row, at }];
  if (labels !== undefined && [id, value, row, at].every((member) => member === undefined)) return labels;
  throw invalid("give id and value of one label, or `labels` with many");
}

const invalid = (problems: string) => new ModelyardError("invalid-input", { problems });
