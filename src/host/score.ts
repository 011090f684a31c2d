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
import { clientIdOf } from "./correlation-id.ts";
import type { FailureLog } from "./failure-log.ts";
import { announcedSize, ClientLeft, type HttpRequest } from "./http/http-request.ts";
import { keepRecord } from "./keep-record.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { mirrorRequest } from "./mirror.ts";
import { exchangeOf, inSample } from "./record.ts";
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

/** What is learnt of a request on its way, for the record. */
interface Trace {
  body: Buffer;
  revision: WantedRevision | null;
  /** What the revision was asked. */
  question: Question | undefined;
  code: ErrorCode | null;
}

/** Answers one scoring request whose key was checked, and spools it. Never rejects. */
export async function score(request: HttpRequest, call: ScoreCall, ports: ScorePorts): Promise<void> {
  const at = ports.clock.now();
  const arrived = performance.now();
  const trace: Trace = { body: nothing, revision: null, question: undefined, code: null };
  let held: Held | undefined;
  const leave = () => {
    if (held !== undefined) ports.admission.leave(held);
    held = undefined;
  };
  let answer: Answer;
  try {
    const place = ports.admission.enter(call.service.wanted);
    held = place;
    const body = readWhole(request, call, (bytes) => {
      // a body that comes behind its answer takes no place any more
      if (held === undefined) throw new ClientLeft("the request was answered before its body was read");
      ports.admission.hold(held, bytes);
    });
    trace.body = body instanceof Promise ? await body : body;
    answer = await askRevision(...questionOf(request, call, trace, arrived));
    // an answer has the room of its body, and what it needs beyond
    const more = answer.body.length - trace.body.length;
    if (more > 0) ports.admission.hold(place, more);
  } catch (thrown) {
    // nothing complete to record
    if (thrown instanceof ClientLeft) return leave();
    const error = asModelyardError(thrown);
    if (error.code === "internal")
      ports.log.error({ requestId: call.requestId, error: bugText(thrown, call.service.wanted) }, "scoring met a bug");
    trace.code = error.code;
    answer = call.codec.errorAnswer(error, call.requestId);
  }
  // a stream has its place until its end; of a whole answer only the bytes wait for the client
  if (answer.pieces === undefined && held !== undefined) ports.admission.answered(held);
  const accepted = request.headers["accept-encoding"];
  const sent = call.codec.compresses && accepted !== undefined ? await compress(answer, accepted) : answer;
  const { name, record } = call.service.wanted;
  let taken: Promise<void> | undefined;
  if (answer.pieces === undefined) taken = request.answer(sent, call.requestId, ports.draining());
  else {
    const { breaksOff } = ports;
    const sending = { requestId: call.requestId, keep: record.maxBytes, breaksOff };
    ({ answer, code: trace.code } = await sendPieces(request, answer, answer.pieces, sending));
  }
  if (taken !== undefined && held !== undefined) {
    ports.admission.hold(held, Math.min(0, sent.body.length - held.bytes));
    void taken.then(leave);
  } else leave();
  const durationMs = performance.now() - arrived;
  const told = { at, status: answer.status, seconds: durationMs / 1000, recorded: call.record };
  ports.metrics.request(name, trace.revision?.number ?? 0, told);
  if (answer.status >= 400) {
    const { requestId } = call;
    const { status } = answer;
    const revision = trace.revision?.number;
    ports.failures.note({ requestId, status, code: trace.code, service: name, revision, durationMs }, request.headers);
  }
  if (!call.record) return;
  const body = trace.question?.recorded ?? trace.body;
  const { requestId, caller } = call;
  const asked = { requestId, caller, service: call.service.wanted, headers: request.headers };
  const exchange = exchangeOf(asked, call.codec.language, answer, {
    revision: trace.revision,
    at,
    durationMs,
    body,
    // one that was refused was not read; of one that was inflated the announced size says nothing
    bodySize: trace.body === nothing ? Math.max(body.length, announcedSize(request) ?? 0) : body.length,
    mirrored: false,
    rows: trace.question?.rows,
    code: trace.code,
  });
  keepRecord(ports.spool, call.service.recorder, exchange);
  if (trace.question !== undefined) mirrorRequest(call.service, trace.question, ports);
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

function questionOf(request: HttpRequest, call: ScoreCall, trace: Trace, arrived: number): [Revision, Question] {
  const { codec, requestId, service } = call;
  const revision = call.choose();
  trace.revision = revision.wanted;
  const { method, url, headers } = request;
  const asked = { method, url, body: trace.body, headers, requestId, service: service.wanted.name };
  const { timeoutMs } = call;
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
    newTrace(requestId, inSample(clientIdOf(request.headers) ?? requestId, service.wanted.record.rate));
  return { ...headers, ...traceHeaders(trace), "x-request-id": requestId, "x-ms-request-id": requestId };
}

const notPassedOn = new Set(["authorization", "traceparent", "tracestate"]);
