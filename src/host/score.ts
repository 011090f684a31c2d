import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelyardError } from "../contract/errors.ts";
import type { WantedRevision } from "../contract/host.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import { type Answer, errorAnswer, jsonAnswer, scriptHeaders, send } from "./answer.ts";
import { announcedSize, readBody } from "./body.ts";
import { decodeScore } from "./codecs/score.ts";
import type { WorkerAnswer } from "./engines/worker-connection.ts";
import { type Exchange, toSpoolRecord } from "./record.ts";
import type { Revision } from "./revision.ts";
import type { Service } from "./service-table.ts";
import type { Spool } from "./spool.ts";

export interface ScorePorts {
  clock: Clock;
  log: Log;
  spool: Spool;
}

export interface ScoreCall {
  service: Service;
  requestId: string;
  /** The revision to ask, chosen when the body is there. Errors: no-replica, revision-not-found. */
  choose(): Revision;
  record: boolean;
}

/** What is learnt of a request on its way, for the record. */
interface Trace {
  body: Buffer;
  revision: WantedRevision | null;
}

/** Answers one scoring request whose key was checked, and spools it. Never rejects. */
export async function score(
  request: IncomingMessage,
  response: ServerResponse,
  call: ScoreCall,
  ports: ScorePorts,
): Promise<void> {
  const at = ports.clock.now();
  const arrived = performance.now();
  const trace: Trace = { body: Buffer.alloc(0), revision: null };
  let answer: Answer;
  try {
    answer = await scoreBody(request, response, call, trace, arrived);
  } catch (thrown) {
    // the client left: there is nobody to answer and nothing complete to record
    if (request.destroyed && !request.complete && !(thrown instanceof ModelyardError)) return;
    answer = failedAnswer(thrown, call.requestId, ports.log);
  }
  send(response, answer, call.requestId);
  if (!call.record) return;
  const exchange: Exchange = {
    id: call.requestId,
    service: call.service.wanted.name,
    revision: trace.revision,
    at,
    durationMs: performance.now() - arrived,
    status: answer.status,
    body: trace.body,
    bodySize: Math.max(trace.body.length, announcedSize(request) ?? 0),
    answer: answer.body,
    contentType: request.headers["content-type"] ?? null,
    answerType: answer.headers["content-type"] ?? null,
  };
  ports.spool.append(toSpoolRecord(exchange, call.service.wanted.record));
}

async function scoreBody(
  request: IncomingMessage,
  response: ServerResponse,
  call: ScoreCall,
  trace: Trace,
  arrived: number,
): Promise<Answer> {
  trace.body = await readBody(request, response, call.service.wanted.maxBodyBytes);
  const revision = call.choose();
  trace.revision = revision.wanted;
  const decoded = decodeScore(trace.body, revision.wanted);
  if ("answer" in decoded) return jsonAnswer(200, JSON.parse(decoded.answer));
  const work = { id: call.requestId, headers: () => requestHeaders(request, call.requestId), ...decoded };
  return workerAnswer(await revision.score(work, performance.now() - arrived), call, revision.wanted);
}

function workerAnswer({ head, body }: WorkerAnswer, call: ScoreCall, revision: WantedRevision): Answer {
  const { requestId } = call;
  const service = call.service.wanted.name;
  switch (head.status) {
    case "ok":
      return {
        status: head.httpStatus ?? 200,
        body,
        headers: {
          "content-type": head.contentType ?? "application/json",
          ...scriptHeaders(head.headers ?? {}),
          ...runHeaders((head.httpStatus ?? 200) >= 500, head.runMs),
        },
      };
    case "invalid":
      throw new ModelyardError("rows-invalid", { reason: head.reason ?? "The input does not fit the model" });
    case "timeout":
      throw new ModelyardError("scoring-timeout", { service, timeoutMs: revision.timeoutMs });
    default:
      throw new ModelyardError("scoring-failed", { service, requestId });
  }
}

function failedAnswer(thrown: unknown, requestId: string, log: Log): Answer {
  const error = asModelyardError(thrown);
  if (error.code === "internal") log.error({ requestId, error: (thrown as Error).stack }, "scoring met a bug");
  const answer = errorAnswer(error, requestId);
  if (error.code === "scoring-failed") Object.assign(answer.headers, runHeaders(true));
  return answer;
}

/** What Azure ML's inference server tells of the run: time in milliseconds and whether the script failed. */
function runHeaders(failed: boolean, runMs?: number): Record<string, string> {
  const time: Record<string, string> = runMs === undefined ? {} : { "x-ms-run-fn-exec-ms": runMs.toFixed(3) };
  return { ...time, "x-ms-run-function-failed": failed ? "True" : "False" };
}

/** The headers a script may see: all but the key. */
function requestHeaders(request: IncomingMessage, requestId: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== "authorization" && value !== undefined)
      headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { ...headers, "x-request-id": requestId, "x-ms-request-id": requestId };
}
