import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { type ErrorCode, ModelyardError } from "../contract/errors.ts";
import { asModelyardError } from "../contract/known-error.ts";
import { removeSession } from "../contract/session-cookie.ts";
import type { Held } from "./admission.ts";
import type { Answer } from "./answer.ts";
import { bugText } from "./bug-text.ts";
import { type Capture, makeCapture } from "./capture.ts";
import { scoreCodec } from "./codecs/score.ts";
import { announcedSize, takesMore } from "./http/http-request.ts";
import { nodeRequest } from "./http/node-request.ts";
import { keepRecord } from "./keep-record.ts";
import type { Call } from "./languages/language.ts";
import { exchangeOf } from "./record.ts";
import type { Revision } from "./revision.ts";
import type { Service } from "./service-table.ts";
import type { Visit } from "./upstream-pool.ts";

/** A call as node:http has it. */
export interface RawCall extends Omit<Call, "request"> {
  request: IncomingMessage;
  response: ServerResponse;
}

export interface PassCall {
  service: Service;
  /** Below the path of the service, with the first /. */
  path: string;
  /** Chooses the revision and the replica. Errors: no-replica, queue-full, not-supported. */
  enter(): { revision: Revision; visit: Visit };
}

/** One exchange on its way. */
interface Exchange {
  arrived: number;
  /** Of the answer, as soon as it is known. */
  status: number;
  contentType: string | null;
  body: Capture;
  answer: Capture;
  revision: Revision | null;
  visit: Visit | null;
  code: ErrorCode | null;
}

/**
 * Passes a request on to the server behind a service, and its answer back as it comes, and spools the beginning of both. The time limit of
 * the service holds until the answer begins, and then between two pieces of it. Never rejects.
 */
export async function passThrough(call: RawCall, pass: PassCall): Promise<void> {
  const { request, response, requestId, ports } = call;
  const at = ports.clock.now();
  const kept = pass.service.wanted.record.maxBytes;
  const exchange: Exchange = {
    ...{ arrived: performance.now(), status: 0, contentType: null, revision: null, visit: null, code: null },
    ...{ body: makeCapture(kept), answer: makeCapture(kept) },
  };
  let held: Held | undefined;
  try {
    held = ports.admission.enter(pass.service.wanted);
    // bodies stream by; what is held is what the record keeps of them
    ports.admission.hold(held, 2 * kept);
    await exchangeWith(call, pass, exchange);
  } catch (thrown) {
    // an answer that has begun can only be broken off: the client must not take it for a whole one
    if (response.headersSent) {
      const left = response.destroyed;
      const { status, code } = left ? new ModelyardError("host-stopped") : passError(thrown, pass);
      if (!left || ports.breaksOff()) Object.assign(exchange, { status, code });
      response.destroy();
    } else if (isGone(request, response)) return;
    else {
      const error = passError(thrown, pass);
      if (error.code === "internal")
        ports.log.error({ requestId, error: bugText(thrown, pass.service.wanted) }, "a bug");
      const answer = scoreCodec.errorAnswer(error, requestId);
      Object.assign(exchange, {
        code: error.code,
        status: answer.status,
        contentType: answer.headers["content-type"]?.toString() ?? null,
      });
      exchange.answer.add(answer.body);
      nodeRequest(request, response).answer(answer, requestId, ports.draining());
    }
  } finally {
    exchange.visit?.leave();
    if (held !== undefined) ports.admission.leave(held);
  }
  note(call, pass, exchange, at);
}

const isGone = (request: IncomingMessage, response: ServerResponse): boolean =>
  response.destroyed || (request.destroyed && !request.complete);

function passError(thrown: unknown, { service }: PassCall): ModelyardError {
  if (thrown instanceof ModelyardError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof TypeError) return asModelyardError(thrown);
  const { name } = service.wanted;
  const reason = (code !== undefined && unreachable[code]) || message || (code ?? "it broke off");
  return new ModelyardError("upstream-failed", { service: name, reason });
}

/** In place of Node's own words, which tell clients where the server stands. */
const unreachable: Record<string, string> = {
  ECONNREFUSED: "nothing listens where it should",
  ECONNRESET: "it broke off the connection",
  EHOSTUNREACH: "there is no way to its machine",
  ENETUNREACH: "there is no way to its machine",
  ENOTFOUND: "the name of its machine is not known",
  EAI_AGAIN: "the name of its machine cannot be looked up",
  ETIMEDOUT: "its machine does not answer",
  EPIPE: "it broke off the connection",
};

async function exchangeWith(call: RawCall, pass: PassCall, exchange: Exchange): Promise<void> {
  const { request, response } = call;
  const { service, path, enter } = pass;
  const limit = service.wanted.maxBodyBytes;
  if ((announcedSize(request) ?? 0) > limit) throw new ModelyardError("body-too-large", { limit });
  const { revision, visit } = enter();
  Object.assign(exchange, { revision, visit });
  const query = request.url?.includes("?") ? request.url.slice(request.url.indexOf("?")) : "";
  const isScore = path === "/score";
  const outgoing = await visit.link.open({
    method: request.method ?? "GET",
    path: `${isScore ? visit.link.paths.score : path}${query}`,
    headers: headersFor(call, pass),
  });
  const { timeoutMs } = revision.wanted;
  let overTime: ModelyardError | undefined;
  const late = () => {
    overTime = new ModelyardError("scoring-timeout", { service: service.wanted.name, timeoutMs });
    outgoing.destroy(overTime);
  };
  const timer = setTimeout(late, Math.max(0, timeoutMs - (performance.now() - exchange.arrived)));
  const onClose = () => {
    if (!response.writableFinished) outgoing.destroy(new Error("the client left"));
  };
  response.once("close", onClose);
  // it may have gone while the request was opened: then nothing closes any more
  if (response.destroyed) onClose();
  try {
    const answering = responseOf(outgoing);
    sendBody(call, outgoing, exchange.body, limit).catch((error: Error) => outgoing.destroy(error));
    const incoming = await answering;
    timer.refresh();
    begin(call, incoming, exchange);
    for await (const chunk of incoming) {
      timer.refresh();
      exchange.answer.add(chunk as Buffer);
      if (!response.write(chunk)) await takesMore(response);
    }
    response.end();
  } catch (thrown) {
    // what was reading an answer only sees that it broke off
    throw overTime ?? thrown;
  } finally {
    clearTimeout(timer);
    response.off("close", onClose);
    // an answer that came before the whole body was read: the rest is not wanted
    if (!outgoing.writableFinished) outgoing.destroy();
    if (!request.complete) request.resume();
  }
}

const responseOf = (outgoing: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    // stays: an error after the response is told by the response
    outgoing.on("error", reject);
  });

/** Errors: body-too-large; a plain Error when the client left. */
async function sendBody({ request, response }: RawCall, outgoing: ClientRequest, kept: Capture, limit: number) {
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    kept.add(chunk as Buffer);
    if (kept.size > limit) throw new ModelyardError("body-too-large", { limit });
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await takesMore(outgoing);
  }
  outgoing.end();
}

/** Sends status and headers at once: what streams must be seen to begin. */
function begin({ response, requestId, ports }: RawCall, incoming: IncomingMessage, exchange: Exchange): void {
  exchange.status = incoming.statusCode ?? 502;
  exchange.contentType = incoming.headers["content-type"] ?? null;
  const headers: OutgoingHttpHeaders = {};
  const dropped = hopHeaders(incoming);
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    if (!dropped.has(name)) headers[name] = values.length === 1 ? values[0] : values;
  const ours = { "x-request-id": requestId, "x-ms-request-id": requestId };
  if (ports.draining()) response.shouldKeepAlive = false;
  response.writeHead(exchange.status, incoming.statusMessage, { ...headers, ...ours });
  response.flushHeaders();
}

/** Headers of one connection (RFC 9110 §7.6.1), and those its Connection header names. */
function hopHeaders({ headers }: IncomingMessage): Set<string> {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  return new Set([
    ...["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer"],
    ...["transfer-encoding", "upgrade", "x-request-id", "x-ms-request-id", ...named],
  ]);
}

/** The headers of the client without those of its connection and without the key, and where it came from. */
function headersFor({ request, requestId, asked }: RawCall, { service, path }: PassCall): OutgoingHttpHeaders {
  const dropped = hopHeaders(request).add("authorization").add("host").add("expect");
  // what is recorded should be readable
  const { rate, also } = service.wanted.record;
  if (rate > 0 || also !== undefined) dropped.add("accept-encoding");
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) if (!dropped.has(name)) headers[name] = value;
  removeSession(headers);
  if (request.headers["transfer-encoding"] !== undefined) headers["transfer-encoding"] = "chunked";
  const before = request.headers["x-forwarded-for"];
  return {
    ...headers,
    "x-request-id": requestId,
    "x-forwarded-for": [before, request.socket.remoteAddress].filter(Boolean).join(", "),
    "x-forwarded-host": request.headers["x-forwarded-host"] ?? request.headers.host ?? "",
    "x-forwarded-proto":
      request.headers["x-forwarded-proto"] ?? (request.socket instanceof TLSSocket ? "https" : "http"),
    "x-forwarded-prefix": asked.path.slice(0, asked.path.length - path.length),
  };
}

/** Counts the exchange, and spools the beginning of what went both ways. */
function note(
  { request, requestId, ports }: RawCall,
  { service }: PassCall,
  { arrived, status, contentType, body, answer, revision, code }: Exchange,
  at: number,
): void {
  const { name } = service.wanted;
  const durationMs = performance.now() - arrived;
  const wanted = revision?.wanted ?? null;
  ports.metrics.request(name, wanted?.number ?? 0, { at, status, seconds: durationMs / 1000, recorded: true });
  if (status >= 400) {
    const failed = { requestId, status, code, service: name, revision: wanted?.number, durationMs };
    ports.failures.note(failed, request.headers);
  }
  const headers: Answer["headers"] = contentType === null ? {} : { "content-type": contentType };
  const captured = { status, headers, body: answer.bytes(), size: answer.size };
  const seen = exchangeOf({ requestId, service: service.wanted, headers: request.headers }, "upstream", captured, {
    ...{ revision: wanted, at, durationMs, mirrored: false, code },
    ...{ body: body.bytes(), bodySize: Math.max(body.size, announcedSize(request) ?? 0) },
  });
  keepRecord(ports.spool, service.recorder, seen);
}
