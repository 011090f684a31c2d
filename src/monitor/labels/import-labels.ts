import type { LabelOutcome } from "../../contract/labels.ts";
import type { Handler } from "../../contract/operations.ts";
import type { LabelPorts } from "./ports.ts";
import { readLabels } from "./read-labels.ts";
import { mustKnowService, storeLabels, sumOf } from "./store-labels.ts";

const batchSize = 1000;

/** Labels are written as they come: of a file with a mistake those before it are kept, and sending it again changes them in nothing. */
export const importLabels =
  ({ db, clock, ingest }: LabelPorts): Handler<"importLabels"> =>
  async ({ service, format }, { actor, body }) => {
    await ingest.catchUp();
    await mustKnowService(db, service);
    let outcome: LabelOutcome = { added: 0, changed: 0, unchanged: 0, waiting: 0 };
    for await (const labels of readLabels(body, format, batchSize))
      outcome = sumOf(outcome, await storeLabels(db, service, labels, { by: actor.name, at: clock.now() }));
    return outcome;
  };
