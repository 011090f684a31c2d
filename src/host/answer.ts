import { validateHeaderName, validateHeaderValue } from "node:http";
import type { ModelyardError } from "../contract/errors.ts";
import type { Piece, PieceStream } from "./engines/piece-stream.ts";
import type { ScriptHeaders } from "./engines/worker-frames.ts";

/** An answer on its way to the client. */
export interface Answer {
  status: number;
  body: Uint8Array;
  /** A list stands for several headers of that name. */
  headers: Record<string, string | string[]>;
  /** In place of the body, what comes piece by piece (stream-answer.ts). */
  pieces?: PieceAnswer;
  /** Bytes that were sent, when `body` holds less of them. */
  size?: number;
}

/** An answer that comes piece by piece, and how its pieces are written. */
export interface PieceAnswer {
  items: PieceStream;
  write(piece: Piece): Uint8Array;
  /** The last words of a stream that fails; null breaks the connection, as a client would take anything else for a piece. */
  failure(error: ModelyardError): Uint8Array | null;
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
  if (error.status === 503 && error.code !== "not-running") headers["retry-after"] = "1";
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
export function scriptHeaders(headers: ScriptHeaders): ScriptHeaders {
  const usable: ScriptHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      for (const one of [value].flat()) validateHeaderValue(name, one);
      if (!connectionHeaders.has(name.toLowerCase())) usable[name.toLowerCase()] = value;
    } catch {
      // a script's bad header must not cost its answer
    }
  }
  return usable;
}
