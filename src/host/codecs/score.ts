import { isUtf8 } from "node:buffer";
import { ModelyardError } from "../../contract/errors.ts";
import { checkWidths, methodOf, readRows } from "../../records/json-rows.ts";
import { languageOfBody } from "../../records/language-of-body.ts";
import { kindOf } from "../../records/words.ts";
import { type Answer, jsonAnswer, scriptHeaders, statusHeaders } from "../answer.ts";
import type { WorkerAnswer } from "../engines/worker-connection.ts";
import type { ReadyScript } from "../engines/worker-frames.ts";
import { azureMessage } from "./azure-message.ts";
import type { Answering, Ask, Codec, Decoded } from "./codec.ts";
import { pieceAnswer } from "./pieces.ts";
import { askOfRows } from "./rows.ts";
import { bodyOfQuery, decodeForScript } from "./script-request.ts";

/** What Azure ML's inference server tells of a run, beside its time in milliseconds. */
const failedHeader = "x-ms-run-function-failed";

const failedText = (failed: boolean): string => (failed ? "True" : "False");

const noRows: Decoded = { asks: [], encode: () => jsonAnswer(200, [], { [failedHeader]: failedText(false) }) };

/** What is taken of a script of which no worker has told yet. */
const undecorated: ReadyScript = { wantsHeaders: false, takes: "text", batch: false };

/** Errors that mean for Azure ML that run() failed. */
const runFailures: ReadonlySet<string> = new Set(["scoring-failed", "scoring-timeout", "worker-died"]);

/** `POST /services/<name>/score` as Azure ML's servers take and answer it. */
export const scoreCodec: Codec = {
  language: "azure",
  decode: (request, revision, described) => {
    const { method, url, headers } = request;
    const script = described ?? (revision.script === null && !revision.upstream ? null : undecorated);
    if (script !== null) {
      const { ask, recorded } = decodeForScript(request, script);
      const encode = (answers: readonly WorkerAnswer[]) => encodeScore(answers, headers.accept);
      return { asks: [ask], encode, ...(recorded === undefined ? {} : { recorded }) };
    }
    if (method === "GET") {
      const body = bodyOfQuery(url);
      return { ...decodeRows(body, revision), recorded: body };
    }
    return decodeRows(request.body, revision);
  },
  invalid: ({ script }) => (script === null ? "rows-invalid" : "script-input-invalid"),
  errorAnswer: (error, requestId) => {
    // Azure ML's clients read `message`
    const body = { message: azureMessage(error), error: error.toPublic(requestId) };
    return jsonAnswer(error.status, body, {
      ...statusHeaders(error),
      [failedHeader]: failedText(runFailures.has(error.code)),
    });
  },
  compresses: false,
};

/**
 * A model without a script takes `{"data": [[…], …], "method": "predict"|"predict_proba"}`. Null when there are no rows. Errors:
 * not-utf8, not-json, not-supported (of another language), rows-invalid, and body-too-large for what no frame can carry.
 */
export function decodeScore(body: Buffer, revision: Pick<Answering, "signature">): Ask | null {
  if (!isUtf8(body)) throw new ModelyardError("not-utf8");
  const value = readObject(body);
  if (value.data === undefined) refuseOtherLanguage(value);
  const { data, method: named } = value;
  const method = methodOf(named, '"method"', refuseMethod);
  const { input } = revision.signature;
  const columns = input.kind === "rows" ? input.columns : null;
  const rows = readRows(data, columns, refuse);
  if (rows.length === 0) return null;
  return askOfRows(rows, checkWidths(rows, columns, refuse), method, refuse);
}

function decodeRows(body: Buffer, revision: Answering): Decoded {
  const ask = decodeScore(body, revision);
  return ask === null ? noRows : { asks: [ask], encode: encodeScore };
}

function encodeScore(answers: readonly WorkerAnswer[], accept?: string): Answer {
  const { head, body, pieces } = answers[0] as WorkerAnswer;
  if (pieces !== undefined) return pieceAnswer(head, pieces, accept);
  const status = head.httpStatus ?? 200;
  const headers: Answer["headers"] = { "content-type": head.contentType ?? "application/json" };
  if (head.headers !== undefined) Object.assign(headers, scriptHeaders(head.headers));
  if (head.runMs !== undefined) headers["x-ms-run-fn-exec-ms"] = head.runMs.toFixed(3);
  headers[failedHeader] = failedText(status >= 500 || head.headers?.[failedHeader] === "True");
  return { status, body, headers };
}

function refuse(reason: string): never {
  throw new ModelyardError("rows-invalid", { reason });
}

/** Whatever the rows are, they are not what is wrong. */
function refuseMethod(reason: string): never {
  throw new ModelyardError("not-supported", { what: reason, instead: "Ask for one of these, or name no method" });
}

/** Throws not-supported for a body that another path of the service takes. */
function refuseOtherLanguage(body: Record<string, unknown>): void {
  const language = languageOfBody(body);
  if (language === "azure") return;
  const place = elsewhere[language];
  throw new ModelyardError("not-supported", {
    what: `The body is of ${place.name}, which \`/score\` does not take`,
    instead: `Send it to \`${place.path}\`; \`/score\` takes {"data": [[…], …]}.`,
  });
}

const elsewhere = {
  mlflow: { name: "MLflow's scoring protocol", path: "/services/<service>/invocations" },
  inference: { name: "the Open Inference Protocol", path: "/v2/models/<service>/infer" },
};

function readObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) throw new ModelyardError("not-json", { reason: "it is empty" });
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new ModelyardError("not-json", { reason: (error as Error).message.slice(0, 200) });
  }
  if (kindOf(value) !== "an object") refuse(`The body is ${kindOf(value)}, not an object with "data"`);
  return value as Record<string, unknown>;
}
