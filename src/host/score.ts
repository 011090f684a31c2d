import { ModelyardError } from "../contract/errors.ts";
import type { WantedRevision } from "../contract/host.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Answer } from "./answer.ts";
import type { Ask, Codec } from "./codecs/codec.ts";
import { compress, inflate } from "./compression.ts";
import type { AnswerItemHead } from "./engines/worker-frames.ts";
import { announcedSize, ClientLeft, type HttpRequest } from "./http/http-request.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { type Exchange, toSpoolRecord } from "./record.ts";
import type { Revision } from "./revision.ts";
import type { Service } from "./service-table.ts";
import type { Spool } from "./spool.ts";

export interface ScorePorts {
  clock: Clock;
  log: Log;
  spool: Spool;
  metrics: Metrics;
}

export interface ScoreCall {
  service: Service;
  requestId: string;
  codec: Codec;
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
export async function score(request: HttpRequest, call: ScoreCall, ports: ScorePorts): Promise<void> {
  const at = ports.clock.now();
  const arrived = performance.now();
  const trace: Trace = { body: Buffer.alloc(0), revision: null };
  let answer: Answer;
  try {
    answer = await scoreBody(request, call, trace, arrived);
  } catch (thrown) {
    // nothing complete to record
    if (thrown instanceof ClientLeft) return;
    answer = failedAnswer(thrown, call, ports.log);
  }
  const accepted = request.headers["accept-encoding"];
  const sent = call.codec.compresses && accepted !== undefined ? await compress(answer, accepted) : answer;
  request.answer(sent, call.requestId);
  const { name } = call.service.wanted;
  const durationMs = performance.now() - arrived;
  const told = { status: answer.status, seconds: durationMs / 1000, recorded: call.record };
  ports.metrics.request(name, trace.revision?.number ?? 0, told);
  if (!call.record) return;
  const exchange: Exchange = {
    id: call.requestId,
    service: name,
    revision: trace.revision,
    at,
    durationMs,
    status: answer.status,
    body: trace.body,
    bodySize: Math.max(trace.body.length, announcedSize(request) ?? 0),
    answer: answer.body,
    contentType: request.headers["content-type"] ?? null,
    answerType: answer.headers["content-type"] ?? null,
  };
  ports.spool.append(toSpoolRecord(exchange, call.service.wanted.record));
}

async function scoreBody(request: HttpRequest, call: ScoreCall, trace: Trace, arrived: number): Promise<Answer> {
  const { codec, requestId, service } = call;
  const limit = service.wanted.maxBodyBytes;
  // what is there already is not waited for: every turn of the queue of microtasks counts here
  const read = request.readBody(limit);
  trace.body = read instanceof Promise ? await read : read;
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined) trace.body = await inflate(trace.body, encoding, limit);
  const revision = call.choose();
  trace.revision = revision.wanted;
  const { name } = service.wanted;
  const asked = { body: trace.body, headers: request.headers, requestId, service: name };
  const { asks, encode } = codec.decode(asked, revision.wanted);
  const headers = () => requestHeaders(request, requestId);
  const one = (ask: Ask) =>
    revision.score({ id: requestId, headers, input: ask.input, body: ask.body }, performance.now() - arrived);
  const [first] = asks;
  // a throw of one must not leave the promise of another alone
  const answers =
    asks.length === 1 && first !== undefined
      ? [await one(first)]
      : await Promise.all(asks.map(async (ask) => one(ask)));
  for (const { head } of answers) if (head.status !== "ok") throw failureOf(head, call, revision.wanted);
  return encode(answers);
}

function failureOf(head: AnswerItemHead, { codec, requestId, service }: ScoreCall, revision: WantedRevision) {
  const { name } = service.wanted;
  switch (head.status) {
    case "invalid":
      return new ModelyardError(codec.invalid, { reason: head.reason ?? "The input does not fit the model" });
    case "timeout":
      return new ModelyardError("scoring-timeout", { service: name, timeoutMs: revision.timeoutMs });
    default:
      return new ModelyardError("scoring-failed", { service: name, requestId });
  }
}

function failedAnswer(thrown: unknown, { codec, requestId }: ScoreCall, log: Log): Answer {
  const error = asModelyardError(thrown);
  if (error.code === "internal") log.error({ requestId, error: (thrown as Error).stack }, "scoring met a bug");
  return codec.errorAnswer(error, requestId);
}

/** The headers a script may see: all but the key. */
function requestHeaders(request: HttpRequest, requestId: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== "authorization" && value !== undefined)
      headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { ...headers, "x-request-id": requestId, "x-ms-request-id": requestId };
}
