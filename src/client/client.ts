import { ModelyardError, type PublicError } from "../contract/errors.ts";
import type { BytesAnswer, Progress } from "../contract/operation.ts";
import type { Handlers, InputOf, OperationName } from "../contract/operations.ts";
import { remoteError } from "../contract/remote-error.ts";
import type { WireOperation } from "../contract/wire-operation.ts";
import { wireOperations } from "../contract/wire-operations.gen.ts";
import { followedEvents } from "./event-stream.ts";
import { linesOf } from "./ndjson.ts";
import { errorOfAnswer } from "./remote-error.ts";
import { toWireRequest } from "./request.ts";

export interface CallOptions {
  /** Told while long work goes on; only operations that answer with progress call it. */
  onProgress?: ((event: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** The raw body of operations that take bytes. */
  body?: AsyncIterable<Uint8Array> | Uint8Array | Blob;
  /** Bytes of the body, when known. */
  size?: number;
  /** Of an answer of bytes: the first byte that is wanted. */
  from?: number;
}

type Call<Name extends OperationName> =
  Record<string, never> extends InputOf<Name>
    ? (input?: InputOf<Name>, options?: CallOptions) => ReturnType<Handlers[Name]>
    : (input: InputOf<Name>, options?: CallOptions) => ReturnType<Handlers[Name]>;

/** One function per operation of the contract, under the same name. */
export type Client = { [Name in OperationName]: Call<Name> };

export interface ClientConfig {
  /** URL of the server, without /api/v1. */
  url: string;
  token: string | undefined;
  fetch: typeof fetch;
  userAgent?: string;
}

/** A typed client of a server. Every call throws a ModelyardError with the server's own code, text and request id. */
export function makeClient(config: ClientConfig): Client {
  const calls = Object.entries<WireOperation>(wireOperations).map(([name, operation]) => [
    name,
    (input: Record<string, unknown> = {}, options: CallOptions = {}) => call(config, operation, input, options),
  ]);
  return Object.fromEntries(calls) as Client;
}

async function call(
  config: ClientConfig,
  operation: WireOperation,
  input: Record<string, unknown>,
  options: CallOptions,
): Promise<unknown> {
  const answer = await send(config, operation, input, options);
  if (!answer.ok) throw await errorOfAnswer(answer, config.url);
  if (options.from && answer.status !== 206)
    throw new ModelyardError("server-unreachable", { url: `${config.url} (something between sends whole files only)` });
  if (operation.answer === "bytes") return bytesAnswer(answer, config.url, options.signal);
  if (operation.answer === "events") return followedEvents(guarded(streamOf(answer), config.url, options.signal));
  const isStream = answer.headers.get("content-type")?.startsWith("application/x-ndjson") ?? false;
  try {
    return isStream ? await resultOfStream(answer, config.url, options) : await answer.json();
  } catch (error) {
    throw connectionError(error, config.url, options.signal);
  }
}

/**
 * What fetch asks for when the body is a stream. With a window or redirects it keeps a copy of all that was sent, to be able to send
 * it again: memory as large as the model (step 8 of https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
 */
const streamed = { duplex: "half", window: null, redirect: "error" };

async function send(
  config: ClientConfig,
  operation: WireOperation,
  input: Record<string, unknown>,
  options: CallOptions,
): Promise<Response> {
  const request = toWireRequest(operation, config.url, input);
  const headers = new Headers();
  if (config.token !== undefined) headers.set("authorization", `Bearer ${config.token}`);
  if (config.userAgent !== undefined) headers.set("user-agent", config.userAgent);
  // Long work is always asked for as NDJSON: its heartbeats keep fetch's time limits away.
  headers.set("accept", operation.answer === "progress" ? "application/x-ndjson" : "application/json, */*");
  if (request.json !== undefined) headers.set("content-type", "application/json");
  if (operation.body === "bytes") headers.set("content-type", "application/octet-stream");
  if (options.size !== undefined && operation.body === "bytes") headers.set("content-length", String(options.size));
  if (options.from) headers.set("range", `bytes=${options.from}-`);
  const body = operation.body === "bytes" ? options.body : request.json;
  try {
    return await config.fetch(request.url, {
      method: request.method,
      headers,
      body,
      signal: options.signal,
      ...(operation.body === "bytes" ? streamed : {}),
    } as Parameters<typeof fetch>[1]);
  } catch (error) {
    throw connectionError(error, config.url, options.signal);
  }
}

async function resultOfStream(answer: Response, url: string, options: CallOptions): Promise<unknown> {
  for await (const line of linesOf(streamOf(answer))) {
    const event = JSON.parse(line) as
      | Progress
      | { event: "heartbeat" }
      | { event: "result"; result: unknown }
      | { event: "error"; error: PublicError };
    if (event.event === "result") return event.result;
    if (event.event === "error") throw remoteError(event.error);
    if (event.event !== "heartbeat") options.onProgress?.(event);
  }
  throw new ModelyardError("server-unreachable", { url: `${url} (it went away in the middle of its answer)` });
}

function bytesAnswer(answer: Response, url: string, signal: AbortSignal | undefined): BytesAnswer {
  const size = answer.headers.get("content-length");
  const fileName = /filename="([^"]*)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  return {
    contentType: answer.headers.get("content-type") ?? "application/octet-stream",
    fileName: fileName ?? "download",
    ...(size === null ? {} : { size: Number(size) }),
    body: guarded(streamOf(answer), url, signal),
  };
}

/** Names a stream that breaks for what it is. */
async function* guarded(
  stream: AsyncIterable<Uint8Array>,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw connectionError(
      error,
      `${url} any more: it broke off in the middle of a file, as it does at a damaged one`,
      signal,
    );
  }
}

function streamOf(answer: Response): AsyncIterable<Uint8Array> {
  return (answer.body ?? []) as AsyncIterable<Uint8Array>;
}

/** fetch tells a failed connection as a TypeError; an abort stays what it is. */
function connectionError(error: unknown, url: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof ModelyardError || signal?.aborted) return error;
  return new ModelyardError("server-unreachable", { url }, { cause: error });
}
