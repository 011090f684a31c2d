import { readScoreBody, refuseRows } from "../../records/score-body.ts";
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

/** The rows of a body for a model without a script (records/score-body.ts) as a worker takes them. Null when there are none. Errors: those of readScoreBody, and body-too-large for what no frame can carry. */
export function decodeScore(body: Buffer, { signature: { input } }: Pick<Answering, "signature">): Ask | null {
  const asked = readScoreBody(body, input.kind === "rows" ? input.columns : null);
  return asked && askOfRows(asked.rows, asked.columns, asked.method, refuseRows);
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
