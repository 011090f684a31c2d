import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import type { FollowedEvent } from "../../contract/events.ts";
import { asModelyardError } from "../../contract/known-error.ts";
import type { BytesAnswer, Operation } from "../../contract/operation.ts";
import type { Context, OperationName } from "../../contract/operations.ts";
import { unfitJson } from "../../kernel/unfit-json.ts";
import { problemsOf } from "../input-problems.ts";
import { sendBytes } from "../send-bytes.ts";
import { clientOf } from "./client-of.ts";
import { sendEvents } from "./event-stream.ts";
import { type HttpPorts, stackOf } from "./ports.ts";
import { whoAsks } from "./who-asks.ts";

type AnyHandler = (input: unknown, context: Context) => Promise<unknown>;

/** One request of one operation: who asks, is the input right, do it, answer in the form that was asked for. */
export async function answerOperation(
  ports: HttpPorts,
  name: OperationName,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = await whoAsks(ports, request, operation);
  const input = readInput(operation, request);
  const handler = ports.handlers[name] as AnyHandler;
  const waiting = new AbortController();
  const { signal } = waiting;
  reply.raw.once("close", () => waiting.abort());
  const run = (progress: Context["progress"]) =>
    handler(input, {
      actor,
      requestId: request.id,
      client: clientOf(request),
      progress,
      signal,
      body: bodyOf(request),
    });
  if (operation.answer === "progress" && request.headers.accept?.includes("application/x-ndjson"))
    return streamProgress(ports, run, request, reply);
  const output = await run(() => {}).catch((error) => {
    dropRest(request.raw, reply.raw.socket);
    throw error;
  });
  if (operation.answer === "bytes") return sendBytes(ports.log, output as BytesAnswer, request, reply);
  if (operation.answer === "events") {
    const check = () => whoAsks(ports, request, operation);
    return sendEvents(output as AsyncIterable<FollowedEvent>, { log: ports.log, check, signal }, request, reply);
  }
  return reply.send(output);
}

/**
 * Reads on past a body that was refused on its way: the next request of the connection comes behind it. Who stops reading a request of node:http
 * destroys it and leaves its connection as it stands, which nobody would read again; `_dump` is how node:http drops what nobody began to read.
 */
function dropRest(request: IncomingMessage & { _dump?: () => void }, connection: Socket | null): void {
  if (request.complete) return;
  request._dump?.();
  connection?.resume();
}

function bodyOf(request: FastifyRequest): AsyncIterable<Uint8Array> {
  return request.body instanceof Readable ? request.body : Readable.from([]);
}

/** Path, query and body members as one input; a member that the operation does not know is a mistake too. */
function readInput(operation: Operation, request: FastifyRequest): unknown {
  const { body } = request;
  if (
    operation.body === "json" &&
    body !== undefined &&
    body !== null &&
    (typeof body !== "object" || Array.isArray(body) || body instanceof Readable)
  )
    throw new ModelyardError("invalid-input", {
      problems: "the body is not a JSON object (Content-Type: application/json)",
    });
  const members = {
    ...(operation.body === "json" ? (body as object) : {}),
    ...(operation.body === "json" ? {} : (request.query as object)),
    ...(request.params as object),
    ...(operation.answer === "events" ? resumed(request) : {}),
  };
  const unfit = unfitJson(members);
  if (unfit !== undefined) throw new ModelyardError("invalid-input", { problems: unfit });
  const result = operation.input.strict().safeParse(members);
  if (result.success) return result.data;
  throw new ModelyardError("invalid-input", { problems: problemsOf(result.error) });
}

/** Where a browser that comes again left off. It keeps its first address, so this wins over the query. */
function resumed({ headers }: FastifyRequest): object {
  const last = headers["last-event-id"];
  return last === undefined ? {} : { after: last };
}

/** NDJSON: progress events, a heartbeat while nothing happens, and the result or the error as the last line. */
async function streamProgress(
  ports: HttpPorts,
  run: (progress: Context["progress"]) => Promise<unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), "content-type": "application/x-ndjson" });
  const write = (line: object) => void (raw.writable && raw.write(`${JSON.stringify(line)}\n`));
  raw.flushHeaders();
  const heartbeat = setInterval(() => write({ event: "heartbeat" }), 10_000);
  try {
    const result = await run(write);
    write({ event: "result", result });
  } catch (cause) {
    const error = asModelyardError(cause);
    const level = error.code === "internal" ? "error" : "warn";
    ports.log[level](
      { requestId: request.id, code: error.code, cause: level === "error" ? stackOf(error.cause) : undefined },
      error.message,
    );
    write({ event: "error", error: error.toPublic(request.id) });
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
  return reply;
}
