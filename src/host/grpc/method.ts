import type { IncomingHttpHeaders } from "node:http";
import type { Decoded, Message } from "./protobuf.ts";

/** One call, whatever its method. */
export interface GrpcCall {
  /** Its metadata. */
  headers: IncomingHttpHeaders;
  requestId: string;
  /** Milliseconds its client waits, from its arrival; undefined when it waits for ever. */
  timeoutMs: number | undefined;
}

/** One message of a call, and the answer to it. */
export interface MessageCall extends GrpcCall {
  /** Resolves when the client has taken the answer, or is gone. */
  taken: Promise<void>;
}

/** A method of a service, as the server runs it. Errors are thrown: GrpcError, ModelyardError. */
export interface Method {
  request: Message;
  response: Message;
  /** Whether messages come and go until the client has no more; otherwise there is one of each. */
  stream: boolean;
  /** Bytes a message may have. Throws for a call whose messages are not to be read at all. */
  limit(call: GrpcCall): number;
  answer(asked: unknown, call: MessageCall, size: number): object | Promise<object>;
}

/** Messages that only name things. */
const smallMessage = 1 << 20;

/** A method with one message each way. */
export function unary<Request extends Message>(
  request: Request,
  response: Message,
  answer: (asked: Decoded<Request>, call: MessageCall, size: number) => object | Promise<object>,
  more: Partial<Pick<Method, "stream" | "limit">> = {},
): Method {
  return { request, response, stream: false, limit: () => smallMessage, ...more, answer: answer as Method["answer"] };
}
