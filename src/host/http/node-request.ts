import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { ModelyardError } from "../../contract/errors.ts";
import type { Answer } from "../answer.ts";
import { lingerMs } from "../linger.ts";
import {
  type AnswerHead,
  type AnswerStream,
  announcedSize,
  ClientLeft,
  type HttpRequest,
  takesMore,
} from "./http-request.ts";

/** How long a client may take nothing of its answer: as long as node:http gives it to send a request. */
const stallMs = 300_000;

/** A request that node:http read. */
export function nodeRequest(request: IncomingMessage, response: ServerResponse): HttpRequest {
  response.setTimeout(stallMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  return {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    headers: request.headers,
    secure: request.socket instanceof TLSSocket,
    readBody: (limit, hold) => readBody(request, response, limit, hold),
    answer: (answer, requestId, closes = false) => {
      if (closes) response.shouldKeepAlive = false;
      send(response, answer, requestId);
      return response.writableLength === 0 ? undefined : takesMore(response);
    },
    raw: { request, response },
    begin: (answer, requestId, onClose) => begin(response, answer, requestId, onClose),
  };
}

async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  hold: (bytes: number) => void = () => {},
): Promise<Buffer> {
  const tooLarge = () => new ModelyardError("body-too-large", { limit });
  const announced = announcedSize(request);
  if ((announced ?? 0) > limit) throw tooLarge();
  if (announced !== undefined) hold(announced);
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (error: unknown) => {
      request.removeAllListeners("data");
      reject(error);
    };
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return refuse(tooLarge());
      try {
        if (announced === undefined) hold(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    });
    // every request closes in the end: an error, with its stack, is made only for one that was cut off
    const onClose = () => reject(new ClientLeft("the client left before its body was read"));
    request.on("end", () => {
      request.off("close", onClose);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    });
    request.on("error", () => reject(new ClientLeft("the body was cut off")));
    request.on("close", onClose);
  });
}

/** Writes an answer. A client that still sends its body gets the answer before the connection closes. */
function send(response: ServerResponse, answer: Answer, requestId: string): void {
  if (response.destroyed || response.headersSent) return;
  const request = response.req;
  const unread = (answer.status === 413 || answer.status === 408) && !request.complete;
  const headers: OutgoingHttpHeaders = {
    "x-request-id": requestId,
    "x-ms-request-id": requestId,
    ...answer.headers,
    "content-length": answer.body.length,
  };
  if (unread) headers.connection = "close";
  response.writeHead(answer.status, headers);
  const body = request.method === "HEAD" ? undefined : answer.body;
  if (!unread || body === undefined) {
    response.end(body);
    return;
  }
  // closing now would reset the connection and the client would lose the answer: take the rest of the body first
  response.write(body);
  const timer = setTimeout(() => response.end(), lingerMs);
  const finish = () => {
    clearTimeout(timer);
    response.end();
  };
  request.once("end", finish).once("close", finish).resume();
}

function begin(
  response: ServerResponse,
  { status, headers }: AnswerHead,
  requestId: string,
  onClose: () => void,
): AnswerStream {
  response.once("close", onClose);
  if (response.destroyed) onClose();
  else response.writeHead(status, { "x-request-id": requestId, "x-ms-request-id": requestId, ...headers });
  return {
    write: async (bytes) => {
      if (!response.write(bytes)) await takesMore(response);
    },
    end: () => response.end(),
    breakOff: () => response.socket?.destroySoon(),
    isClosed: () => response.destroyed,
  };
}
