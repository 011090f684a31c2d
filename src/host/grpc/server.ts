import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { createRequire } from "node:module";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { asModelyardError } from "../../contract/known-error.ts";
import type { TlsPair } from "../../kernel/tls-files.ts";
import type { Admission, Held } from "../admission.ts";
import { deferred } from "../deferred.ts";
import type { ServerPorts } from "../languages/language.ts";
import { requestIdOf } from "../request-id.ts";
import { type Answerer, encodings, makeAnswerer } from "./answerer.ts";
import { type MessageRoom, messagesOf } from "./frames.ts";
import { healthMethods } from "./health-service.ts";
import { inferenceMethods } from "./inference-service.ts";
import type { GrpcCall, MessageCall, Method } from "./method.ts";
import { decode, encode, ProtobufError } from "./protobuf.ts";
import { codeOfStatus, codes, GrpcError, timeoutOf } from "./status.ts";

/** Streams of one connection at a time; clients wait with more. */
const mostStreams = 1024;
/** Bytes a client may send before it hears that they were read: of a stream, and of a connection. */
const windows = { stream: 1 << 20, session: 8 << 20 };
/** Megabytes that may be on their way to the client of a connection, before it hears ENHANCE_YOUR_CALM; 10 would be a slice for 160 streams. */
const sessionMb = 128;
const keepAliveMs = 60_000;
/** Messages of one stream that are answered at a time. */
const mostInHand = 16;

/** The door for gRPC. */
export interface GrpcServer {
  server: Server;
  /** Lets calls in flight finish, at most `drainMs`. */
  close(drainMs: number): Promise<void>;
}

/**
 * gRPC over HTTP/2, with TLS when a pair is given. A client may take nothing of an answer for `stallMs`. What speaks it is loaded with the first connection: a host without one pays nothing.
 * Protocol: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function makeGrpcServer(ports: ServerPorts, stallMs: number, tls?: TlsPair): GrpcServer {
  const methods = new Map(Object.entries({ ...inferenceMethods(ports), ...healthMethods(ports) }));
  const sessions = new Set<ServerHttp2Session>();
  const startHttp2 = () => {
    const { createServer: createHttp2 } = createRequire(import.meta.url)("node:http2") as typeof import("node:http2");
    const settings = { maxConcurrentStreams: mostStreams, initialWindowSize: windows.stream };
    const http2 = createHttp2({ settings, maxSessionMemory: sessionMb });
    http2.on("session", (session) => {
      sessions.add(session);
      session.setLocalWindowSize(windows.session);
      session.once("close", () => sessions.delete(session));
    });
    http2.on("sessionError", () => {});
    http2.on("stream", (stream, headers) => void onStream(stream, headers, methods, { ports, stallMs }));
    return http2;
  };
  let http2: ReturnType<typeof startHttp2> | undefined;
  const onConnection = (socket: Socket) => {
    http2 ??= startHttp2();
    // a client that vanished says nothing more
    socket.setKeepAlive(true, keepAliveMs);
    http2.emit("connection", socket);
  };
  const server =
    tls === undefined ? createServer(onConnection) : createTlsServer({ ...tls, ALPNProtocols: ["h2"] }, onConnection);
  return {
    server,
    close: async (drainMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      const limit = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, drainMs);
      await closed;
      clearTimeout(limit);
    },
  };
}

/** Never rejects. */
async function onStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  methods: ReadonlyMap<string, Method>,
  { ports, stallMs }: { ports: ServerPorts; stallMs: number },
): Promise<void> {
  // what breaks a stream ends its call; there is nobody to tell
  stream.on("error", () => {});
  if (!/^application\/grpc($|[+;])/.test(headers["content-type"] ?? "")) {
    stream.respond({ ":status": 415 }, { endStream: true });
    return;
  }
  const requestId = requestIdOf(headers, ports.clock.now());
  const encoding = String(headers["grpc-encoding"] ?? "identity");
  const answerer = makeAnswerer(stream, { requestId, compressed: encoding === "gzip", stallMs });
  const timeoutMs = timeoutOf(headers["grpc-timeout"]);
  const late = () => answerer.end(codes.deadlineExceeded, `No answer within ${timeoutMs} ms`);
  // at the moment itself the answer of the method, which counts and records, goes first
  const timer = timeoutMs === undefined ? undefined : setTimeout(late, Math.min(timeoutMs + 50, 2 ** 31 - 1));
  stream.once("close", () => clearTimeout(timer));
  const path = headers[":path"] ?? "";
  try {
    const method = methods.get(path);
    if (method === undefined) throw new GrpcError(codes.unimplemented, `There is no method ${path.slice(0, 200)} here`);
    if (!encodings.includes(encoding))
      throw new GrpcError(codes.unimplemented, `Messages may be compressed with gzip or deflate, not ${encoding}`);
    const call = { headers: metadataOf(headers), requestId, timeoutMs };
    const messages = messagesOf(stream, method.limit(call), encoding, {
      ...roomFor(ports.admission),
      ...{ onLate: answerer.letGo, longestMs: stallMs },
    });
    if (method.stream) await answerStream(messages, method, call, answerer);
    else await answerOne(messages, method, call, answerer);
    answerer.end(codes.ok);
  } catch (thrown) {
    // the client left
    if (stream.destroyed || stream.aborted) return;
    const { code, message } = statusOf(thrown, path);
    if (code === codes.internal) ports.log.error({ requestId, error: (thrown as Error).stack }, "a bug");
    answerer.end(code, message);
  }
}

/** Room for the messages of one stream, of what all of them may have together. */
function roomFor(admission: Admission): Pick<MessageRoom, "hold" | "free"> {
  // no service has this name, and streams are limited by connection
  const messages = { name: "/grpc", maxConcurrentRequests: Number.POSITIVE_INFINITY };
  let held: Held | undefined;
  return {
    hold: (bytes) => {
      held ??= admission.enter(messages);
      admission.hold(held, bytes);
    },
    free: () => {
      if (held !== undefined) admission.leave(held);
      held = undefined;
    },
  };
}

/** Headers that are not the transport's own. */
function metadataOf(headers: IncomingHttpHeaders): GrpcCall["headers"] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && name !== "te" && !name.startsWith("grpc-")),
  );
}

// What waits for its client is no frame of an async function that read the message: it would hold the message as well.

function answerOne(
  messages: AsyncGenerator<Buffer>,
  method: Method,
  call: GrpcCall,
  answerer: Answerer,
): Promise<void> {
  return onlyMessage(messages).then((message) => answer(method, message, call, answerer.message));
}

async function onlyMessage(messages: AsyncGenerator<Buffer>): Promise<Buffer> {
  const first = await messages.next();
  if (first.done) throw new GrpcError(codes.invalidArgument, "The call has no message");
  await messages.return(undefined);
  return first.value;
}

/** Answers in the order of the requests, some of which are worked on at the same time. */
async function answerStream(messages: AsyncGenerator<Buffer>, method: Method, call: GrpcCall, answerer: Answerer) {
  const inHand: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();
  let count = 0;
  for await (const message of messages) {
    count += 1;
    const requestId = count === 1 ? call.requestId : `${call.requestId}-${count}`;
    const before = last;
    last = answer(method, message, { ...call, requestId }, (bytes) => before.then(() => answerer.message(bytes)));
    // whoever awaits it is told of its failure
    last.catch(() => {});
    inHand.push(last);
    if (inHand.length >= mostInHand) await inHand.shift();
  }
  await Promise.all(inHand);
}

/** `send` resolves when the client has taken the answer, or is gone. */
function answer(method: Method, message: Buffer, call: GrpcCall, send: Answerer["message"]): Promise<void> {
  const taken = deferred<void>();
  return answerBytes(method, message, { ...call, taken: taken.promise })
    .then(send)
    .finally(taken.resolve);
}

async function answerBytes(method: Method, message: Buffer, call: MessageCall): Promise<Buffer> {
  return encode(method.response, await method.answer(decode(method.request, message), call, message.length));
}

function statusOf(thrown: unknown, path: string): { code: number; message: string } {
  if (thrown instanceof GrpcError) return thrown;
  if (thrown instanceof ProtobufError) {
    const message = `The message is none that ${path} takes: ${thrown.message}`;
    return { code: codes.invalidArgument, message };
  }
  const { status, message, fix } = asModelyardError(thrown);
  return { code: codeOfStatus(status), message: `${message}. ${fix}` };
}
