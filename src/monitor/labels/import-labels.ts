import type { Handler } from "../../contract/operations.ts";
import { mustKnowService } from "../known-services.ts";
import type { LabelPorts } from "./ports.ts";
import { readLabels } from "./read-labels.ts";
import { nothingStored, storeLabels, sumOf } from "./store-labels.ts";
import { waitingLabels } from "./waiting.ts";

const batchSize = 1000;

/** Labels are written as they come: of a file with a mistake those before it are kept, and sending it again changes them in nothing. */
export const importLabels =
  (ports: LabelPorts): Handler<"importLabels"> =>
  async ({ service, format }, { actor, body }) => {
    const { db, clock, ingest } = ports;
    await ingest.catchUp();
    await mustKnowService(db, service);
    const waiting = waitingLabels(ports, service);
    let outcome = nothingStored;
    for await (const labels of readLabels(body, { format, size: batchSize, now: clock.now() })) {
      const { stored, kept } = await storeLabels(db, service, labels, { by: actor.name, at: clock.now() });
      outcome = sumOf(outcome, stored);
      await waiting.add(kept);
    }
    return { ...outcome, ...(await waiting.told()) };
  };
