import type { ErrorCode } from "../contract/errors.ts";
import type { WantedRevision } from "../contract/host.ts";
import { asModelyardError } from "../contract/known-error.ts";
import { removeSession } from "../contract/session-cookie.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import { incomingTrace, newTrace, traceHeaders } from "../kernel/trace-context.ts";
import type { Admission, Held } from "./admission.ts";
import type { Answer } from "./answer.ts";
import { askRevision, type Question } from "./ask-revision.ts";
import { bodyInTime } from "./body-in-time.ts";
import { bugText } from "./bug-text.ts";
import type { Codec } from "./codecs/codec.ts";
import { compress, inflate } from "./compression.ts";
import { sampleIdOf } from "./correlation-id.ts";
import type { FailureLog } from "./failure-log.ts";
import { announcedSize, ClientLeft, type HttpRequest } from "./http/http-request.ts";
import { keepRecord } from "./keep-record.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { mirrorRequest } from "./mirror.ts";
import { type Exchange, exchangeOf, inSample } from "./record.ts";
import { idIn } from "./request-id.ts";
import type { Revision } from "./revision.ts";
import type { Service } from "./service-table.ts";
import type { Spool } from "./spool.ts";
import { sendPieces } from "./stream-answer.ts";

export interface ScorePorts {
  clock: Clock;
  log: Log;
  spool: Spool;
  metrics: Metrics;
  admission: Admission;
  failures: FailureLog;
  /** Whether the host takes no new connections and ends those it has with their answers. */
  draining(): boolean;
  /** Whether a host that stops breaks off what is not done by now. */
  breaksOff(): boolean;
}

export interface ScoreCall {
  service: Service;
  requestId: string;
  codec: Codec;
  /** The revision to ask, chosen when the body is there. Errors: no-replica, revision-not-found. */
  choose(): Revision;
  record: boolean;
  /** Who asks, when no key says it. */
  caller?: string;
  /** Milliseconds its client waits for the answer; the service's own limit holds too. */
  timeoutMs?: number | undefined;
}

const nothing = Buffer.alloc(0);

/** The place of a request in the host, until it leaves. Apart from its trace: what waits for a slow client should not hold the body. */
interface Place {
  held: Held | undefined;
}

/** What is learnt of a request on its way, for the record. */
interface Trace {
  at: number;
  /** By performance.now(). */
  arrived: number;
  place: Place;
  body: Buffer;
  revision: WantedRevision | null;
  /** What the revision was asked. */
  question: Question | undefined;
  code: ErrorCode | null;
}

/** Answers one scoring request whose key was checked, and spools it. Never rejects. */
export async function score(request: HttpRequest, call: ScoreCall, ports: ScorePorts): Promise<void> {
  const trace: Trace = {
    at: ports.clock.now(),
    arrived: performance.now(),
    place: { held: undefined },
    body: nothing,
    revision: null,
    question: undefined,
    code: null,
  };
  const given = await answerOf(request, call, trace, ports);
  if (given === undefined) return leave(trace.place, ports);
  const answer = await send(request, call, given, trace, ports);
  const durationMs = performance.now() - trace.arrived;
  count(request, call, answer, trace, durationMs, ports);
  if (!call.record) return;
  keepRecord(ports.spool, call.service.recorder, exchangeFor(request, call, answer, trace, durationMs));
  if (trace.question !== undefined) mirrorRequest(call.service, trace.question, ports);
}

/** Undefined when the client has left: nothing is complete then that could be recorded. */
async function answerOf(
  request: HttpRequest,
  call: ScoreCall,
  trace: Trace,
  { admission, log }: ScorePorts,
): Promise<Answer | undefined> {
  try {
    const held = admission.enter(call.service.wanted);
    const { place } = trace;
    place.held = held;
    const body = readWhole(request, call, (bytes) => {
      // a body that comes behind its answer takes no place any more
      if (place.held === undefined) throw new ClientLeft("the request was answered before its body was read");
      admission.hold(place.held, bytes);
    });
    trace.body = body instanceof Promise ? await body : body;
    const answer = await askRevision(...questionOf(request, call, trace));
    // an answer has the room of its body, and what it needs beyond
    const more = answer.body.length - trace.body.length;
    if (more > 0) admission.hold(held, more);
    return answer;
  } catch (thrown) {
    if (thrown instanceof ClientLeft) return undefined;
    const error = asModelyardError(thrown);
    if (error.code === "internal")
      log.error({ requestId: call.requestId, error: bugText(thrown, call.service.wanted) }, "scoring met a bug");
    trace.code = error.code;
    return call.codec.errorAnswer(error, call.requestId);
  }
}

/** Sends an answer, whose place is free when the client has it. Gives it back as it is recorded: of a stream, what went out. */
async function send(
  request: HttpRequest,
  { requestId, codec, service }: ScoreCall,
  answer: Answer,
  trace: Trace,
  ports: ScorePorts,
): Promise<Answer> {
  const { admission, breaksOff } = ports;
  if (answer.pieces !== undefined) {
    const sending = { requestId, keep: service.wanted.record.maxBytes, breaksOff };
    const streamed = await sendPieces(request, answer, answer.pieces, sending);
    trace.code = streamed.code;
    leave(trace.place, ports);
    return streamed.answer;
  }
  // only the bytes of a whole answer wait for the client
  const { place } = trace;
  if (place.held !== undefined) admission.answered(place.held);
  const accepted = request.headers["accept-encoding"];
  const sent = codec.compresses && accepted !== undefined ? await compress(answer, accepted) : answer;
  const taken = request.answer(sent, requestId, ports.draining());
  if (taken !== undefined && place.held !== undefined) {
    admission.hold(place.held, Math.min(0, sent.body.length - place.held.bytes));
    void leaveAfter(taken, place, ports);
  } else leave(place, ports);
  return answer;
}

async function leaveAfter(taken: Promise<void>, place: Place, ports: ScorePorts): Promise<void> {
  await taken;
  leave(place, ports);
}

function leave(place: Place, { admission }: ScorePorts): void {
  if (place.held !== undefined) admission.leave(place.held);
  place.held = undefined;
}

function count(
  { headers }: HttpRequest,
  { service, requestId, record }: ScoreCall,
  { status }: Answer,
  { at, revision, code }: Trace,
  durationMs: number,
  { metrics, failures }: ScorePorts,
): void {
  const { name } = service.wanted;
  metrics.request(name, revision?.number ?? 0, { at, status, seconds: durationMs / 1000, recorded: record });
  if (status >= 400)
    failures.note({ requestId, status, code, service: name, revision: revision?.number, durationMs }, headers);
}

function exchangeFor(
  request: HttpRequest,
  { service, requestId, caller, codec }: ScoreCall,
  answer: Answer,
  trace: Trace,
  durationMs: number,
): Exchange {
  const body = trace.question?.recorded ?? trace.body;
  const asked = { requestId, caller, service: service.wanted, headers: request.headers };
  return exchangeOf(asked, codec.language, answer, {
    revision: trace.revision,
    at: trace.at,
    durationMs,
    body,
    // one that was refused was not read; of one that was inflated the announced size says nothing
    bodySize: trace.body === nothing ? Math.max(body.length, announcedSize(request) ?? 0) : body.length,
    mirrored: false,
    rows: trace.question?.rows,
    code: trace.code,
  });
}

/** The body, no longer compressed. Errors: body-too-large, body-timeout, host-full, encoding-invalid, not-supported; ClientLeft. */
function readWhole(
  request: HttpRequest,
  { service }: ScoreCall,
  hold: (bytes: number) => void,
): Buffer | Promise<Buffer> {
  const limit = service.wanted.maxBodyBytes;
  const coming = request.readBody(limit, hold);
  const body = coming instanceof Promise ? bodyInTime(coming, service) : coming;
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined) return body;
  return Promise.resolve(body).then((sent) => inflate(sent, encoding, limit, hold));
}

function questionOf(request: HttpRequest, call: ScoreCall, trace: Trace): [Revision, Question] {
  const { codec, requestId, service } = call;
  const revision = call.choose();
  trace.revision = revision.wanted;
  const { method, url, headers } = request;
  const asked = { method, url, body: trace.body, headers, requestId, service: service.wanted.name };
  const { timeoutMs } = call;
  const { arrived } = trace;
  trace.question = { codec, request: asked, headers: () => requestHeaders(request, call), arrived, timeoutMs };
  return [revision, trace.question];
}

/** The headers a script may see: all but the key and the session of a browser, and the trace that its own requests belong to. */
function requestHeaders(request: HttpRequest, { requestId, service }: ScoreCall): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !notPassedOn.has(name)) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  removeSession(headers);
  const trace =
    incomingTrace(request.headers) ??
    newTrace(requestId, inSample(sampleIdOf(request.headers, requestId), service.wanted.record.rate));
  const given = idIn(request.headers, "x-request-id");
  return { ...headers, ...traceHeaders(trace), "x-request-id": given ?? requestId, "x-ms-request-id": requestId };
}

const notPassedOn = new Set(["authorization", "traceparent", "tracestate"]);
