import { type OutgoingHttpHeaders, type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http";
import type { ModelyardError } from "../contract/errors.ts";

/** An answer on its way to the client. */
export interface Answer {
  status: number;
  body: Uint8Array;
  headers: Record<string, string>;
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    body: Buffer.from(JSON.stringify(value), "utf8"),
    headers: { "content-type": "application/json", ...headers },
  };
}

export function textAnswer(status: number, text: string): Answer {
  return { status, body: Buffer.from(text, "utf8"), headers: { "content-type": "text/plain; charset=utf-8" } };
}

/** The headers the status of an error asks for (RFC 9110 §11.6.1, §15.5.6; §10.2.3). */
export function statusHeaders(error: ModelyardError): Record<string, string> {
  const headers: Record<string, string> = {};
  if (error.status === 401) headers["www-authenticate"] = "Bearer";
  if (error.status === 405) headers.allow = [error.details.allowed].flat().join(", ");
  if (error.status === 503) headers["retry-after"] = "1";
  return headers;
}

/** The public form of an error. */
export function errorAnswer(error: ModelyardError, requestId: string): Answer {
  return jsonAnswer(error.status, { error: error.toPublic(requestId) }, statusHeaders(error));
}

const connectionHeaders = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-request-id",
  "x-ms-request-id",
]);

/** The headers a script chose, without those that belong to the connection and those that are not valid. */
export function scriptHeaders(headers: Record<string, string>): Record<string, string> {
  const usable: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      if (!connectionHeaders.has(name.toLowerCase())) usable[name.toLowerCase()] = value;
    } catch {
      // a script's bad header must not cost its answer
    }
  }
  return usable;
}

/** How long an answered client may go on sending a body nobody reads. */
const lingerMs = 2000;

/** Writes an answer with its request id. A client that still sends its body gets the answer before the connection closes. */
export function send(response: ServerResponse, answer: Answer, requestId: string): void {
  if (response.destroyed || response.headersSent) return;
  const request = response.req;
  const unread = answer.status === 413 && !request.complete;
  const headers: OutgoingHttpHeaders = {
    ...answer.headers,
    "content-length": answer.body.length,
    "x-request-id": requestId,
    "x-ms-request-id": requestId,
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
