import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";

/** One HTTP request, whoever read it from its socket, and the ways to answer it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** It came over TLS. */
  readonly secure: boolean;
  /**
   * The whole body, read when it is asked for; a client that waits for `100 Continue` gets it. Errors: body-too-large, before anything
   * is read when the body announces its size; ClientLeft; what `hold` throws, which is told of bytes before they are kept.
   */
  readBody(limit: number, hold?: (bytes: number) => void): Buffer | Promise<Buffer>;
  /**
   * Writes the answer with its request id, once; the connection ends behind it when `closes`. Does nothing when the client is gone.
   * Undefined when it has left at once; else resolves when the client has taken it, or is gone.
   */
  answer(answer: Answer, requestId: string, closes?: boolean): Promise<void> | undefined;
  /** What node:http made of it, for a request that is passed on as it comes; undefined when it was read here. */
  readonly raw?: { request: IncomingMessage; response: ServerResponse };
  /** Begins an answer of unknown length, in place of `answer`. `onClose` is called when the connection is gone, however it ended. */
  begin(answer: AnswerHead, requestId: string, onClose: () => void): AnswerStream;
}

export type AnswerHead = Pick<Answer, "status" | "headers">;

/** An answer that is sent as it comes. */
export interface AnswerStream {
  /** Resolves when the client has taken enough to be sent more, or has left. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that the answer is whole. */
  end(): void;
  /** What was written still goes out; then the connection ends without saying that the answer is whole. */
  breakOff(): void;
  isClosed(): boolean;
}

/** There is nobody to answer. */
export class ClientLeft extends Error {}

/** Bytes a body announces, or undefined when it comes in chunks. */
export function announcedSize({ headers }: Pick<HttpRequest, "headers">): number | undefined {
  const text = headers["content-length"];
  return text === undefined ? undefined : Number(text);
}

/** Resolves when what was written has left, or nothing can leave any more. */
export function takesMore(stream: {
  destroyed: boolean;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
    if (stream.destroyed) done();
  });
}
