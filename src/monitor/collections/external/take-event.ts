import { ModelyardError } from "../../../contract/errors.ts";
import type { RequestLanguage, SpooledHead } from "../../../contract/host.ts";
import type { InferenceEvent } from "../../../contract/inference-event.ts";
import type { Db } from "../../../kernel/db.ts";
import { findService } from "../../../use/rows.ts";
import { externalImage } from "../../collect/signature-of.ts";
import type { SpooledEntry } from "../../collect/spooled-entries.ts";
import { type IngestPorts, keepOne } from "../../collect/take-part.ts";
import { insertEvent, markJoined, nameModel, noteExternalService, type StoredEvent, waitingPair } from "./rows.ts";

type KeptEntry = Omit<SpooledEntry, "bytes">;

/** Records of services elsewhere are all of this revision: nobody says which it was. */
const revision = 1;

/**
 * Takes a request or an answer of a model that runs elsewhere. When both are here they are one record, whichever came first, in the
 * transaction that takes the later one; what was here before does nothing. Gives whether it is new. Errors: service-exists, for the
 * name of a service that is deployed here; service-elsewhere, for one that another source tells of.
 */
export async function takeEvent(
  ports: Pick<IngestPorts, "db" | "clock" | "log" | "consumers">,
  event: InferenceEvent,
): Promise<boolean> {
  const { service, id, source } = event;
  const now = ports.clock.now();
  if ((await findService(ports.db, service)) !== undefined) throw new ModelyardError("service-exists", { service });
  return keepOne(ports, id, async (tx, keep) => {
    const first = await noteExternalService(tx, service, source, now);
    if (first !== source) throw new ModelyardError("service-elsewhere", { service, source, first });
    return takeIn(tx, event, now, keep);
  });
}

async function takeIn(
  tx: Db,
  event: InferenceEvent,
  now: number,
  keep: (entry: KeptEntry) => Promise<void>,
): Promise<boolean> {
  const { service, id } = event;
  if (!(await insertEvent(tx, event, now))) return false;
  const pair = await waitingPair(tx, service, id);
  if (pair === undefined) return true;
  await markJoined(tx, service, id);
  const entry = entryOf(pair.request, pair.response);
  const model = pair.request.model ?? pair.response.model;
  if (model !== null) await nameModel(tx, entry.head.image, model);
  await keep(entry);
  return true;
}

function entryOf(request: StoredEvent, response: StoredEvent): KeptEntry {
  const { service, id, at } = request;
  const language = languageOf(response.body);
  const model = request.model ?? response.model;
  const head: SpooledHead = {
    id,
    service,
    revision,
    image: `${externalImage}${service}/${model ?? ""}`,
    models: model === null ? [] : [model],
    at,
    durationMs: Math.max(0, response.at - at),
    status: 200,
    kept: true,
    bodySize: request.body.length,
    answerSize: response.body.length,
    bodyBytes: request.body.length,
    answerBytes: response.body.length,
    contentType: request.content_type,
    answerType: response.content_type,
    ...(language === undefined ? {} : { language }),
  };
  return { head, body: Buffer.from(request.body), answer: Buffer.from(response.body) };
}

/** KServe speaks TensorFlow Serving's form (`instances`, `predictions`), which MLflow speaks too, and the Open Inference Protocol. */
function languageOf(answer: Uint8Array): RequestLanguage | undefined {
  try {
    const value = JSON.parse(Buffer.from(answer).toString("utf8")) as object | null;
    if (typeof value !== "object" || value === null) return undefined;
    return "outputs" in value ? "inference" : "predictions" in value ? "mlflow" : undefined;
  } catch {
    return undefined;
  }
}
