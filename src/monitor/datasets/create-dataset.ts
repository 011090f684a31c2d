import type { Dataset, DatasetQuery } from "../../contract/datasets.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Context, Handler, OutputOf } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { resolveRecorded } from "../../register/find-model.ts";
import { mustKnowService } from "../known-services.ts";
import { timeRange } from "../time-range.ts";
import { type Built, buildDataset } from "./build-dataset.ts";
import type { DatasetPorts } from "./ports.ts";
import {
  addRequests,
  beginDataset,
  detailOfDataset,
  findDatasets,
  finishDataset,
  isInterrupted,
  removeDataset,
  type StoredDataset,
} from "./rows.ts";

export const createDataset =
  (ports: DatasetPorts): Handler<"createDataset"> =>
  async ({ name, service, since, until, model, labels, sample, format }, context) => {
    const { db, clock, ingest } = ports;
    await ingest.catchUp();
    await mustKnowService(db, service);
    const now = clock.now();
    const version = await resolveRecorded(db, model);
    const { from, to } = timeRange({ since, until }, now);
    const query: DatasetQuery = {
      ...{ service, since: from, until: to, labels },
      model:
        version === undefined ? null : [version.name, version.version].filter((part) => part !== undefined).join(":"),
      sample: sample ?? null,
    };
    return storeDataset(ports, { name, query, format, rebuiltFrom: null }, context);
  };

interface Wanted {
  name: string;
  query: DatasetQuery;
  format: Dataset["format"];
  /** Digest of the one before, when it is built again. */
  rebuiltFrom: string | null;
}

const attempts = 3;
const idsAtOnce = 1000;

/** Builds a data set and keeps it; when records are erased meanwhile, again. The same rows under the same name are kept once. */
export async function storeDataset(
  ports: DatasetPorts,
  wanted: Wanted,
  context: Pick<Context, "actor" | "progress">,
): Promise<OutputOf<"createDataset">> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const stored = await tryToStore(ports, wanted, context);
    if (stored !== undefined) return { ...(await detailOfDataset(ports.db, stored.dataset)), created: stored.created };
  }
  throw new ModelyardError("invalid-input", { problems: "records are being erased; try again when that has ended" });
}

async function tryToStore(
  ports: DatasetPorts,
  { name, query, format, rebuiltFrom }: Wanted,
  { actor, progress }: Pick<Context, "actor" | "progress">,
): Promise<{ dataset: Pick<StoredDataset, "number">; created: boolean } | undefined> {
  const { db, clock } = ports;
  const who = { by: actor.name, at: clock.now() };
  const number = await beginDataset(db, { name, service: query.service, format, ...who });
  let isKept = false;
  try {
    const ids = requestWriter(db, number);
    const built = await buildDataset(ports, { query, format, rebuiltFrom }, ids.take, progress);
    await ids.flush();
    const outcome = await db.transaction(async (tx) => {
      if (await isInterrupted(tx, number)) return undefined;
      const [existing] = await findDatasets(tx, name, built.digest);
      if (existing?.state === "ready") return { dataset: existing, created: false };
      if (existing !== undefined) await removeDataset(tx, existing.number);
      await finishDataset(tx, number, built);
      await emit(tx, {
        type: "modelyard.dataset.created",
        subject: `datasets/${name}`,
        data: toldOf(name, built),
        actor: who.by,
        at: who.at,
      });
      return { dataset: { number }, created: true };
    });
    isKept = outcome?.created === true;
    return outcome;
  } finally {
    if (!isKept) await removeDataset(db, number);
  }
}

const toldOf = (name: string, { digest, rows, size, manifest }: Built): object => {
  const { query, labels, models, rebuiltFrom } = manifest;
  return { name, digest, rows, size, service: query.service, labels, models, rebuiltFrom };
};

/** Writes ids by the thousand, while the rows are written. */
function requestWriter(db: DatasetPorts["db"], number: number) {
  let waiting: string[] = [];
  const flush = async () => {
    const ids = waiting;
    waiting = [];
    await addRequests(db, number, ids);
  };
  return {
    flush,
    async take(id: string) {
      waiting.push(id);
      if (waiting.length >= idsAtOnce) await flush();
    },
  };
}
