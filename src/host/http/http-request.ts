import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "../answer.ts";

/** One HTTP request, whoever read it from its socket, and the way to answer it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /**
   * The whole body, read when it is asked for; a client that waits for `100 Continue` gets it. Errors: body-too-large, before anything
   * is read when the body announces its size; ClientLeft; what `hold` throws, which is told of bytes before they are kept.
   */
  readBody(limit: number, hold?: (bytes: number) => void): Buffer | Promise<Buffer>;
  /** Writes the answer with its request id, once; the connection ends behind it when `closes`. Does nothing when the client is gone. */
  answer(answer: Answer, requestId: string, closes?: boolean): void;
}

/** There is nobody to answer. */
export class ClientLeft extends Error {}

/** Bytes a body announces, or undefined when it comes in chunks. */
export function announcedSize({ headers }: Pick<HttpRequest, "headers">): number | undefined {
  const text = headers["content-length"];
  return text === undefined ? undefined : Number(text);
}
