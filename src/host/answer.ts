import { validateHeaderName, validateHeaderValue } from "node:http";
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
