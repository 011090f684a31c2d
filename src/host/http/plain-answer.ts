import { STATUS_CODES } from "node:http";
import type { Answer } from "../answer.ts";

export interface AnswerFraming {
  requestId: string;
  /** As the Date header has it. */
  date: string;
  /** The answer's body stays away: the request was HEAD. */
  headOnly: boolean;
  /** The connection ends behind it. */
  closes: boolean;
  keepAliveSeconds: number;
}

const unfit = /[^\t -~\x80-\xff]/;

/** An answer as HTTP/1.1 has it on the wire (RFC 9112 §4, §6). Throws TypeError for a header that would break out of its line. */
export function plainAnswerBytes({ status, headers, body }: Answer, framing: AnswerFraming): Buffer {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
  for (const name in headers) {
    const value = headers[name] as string;
    if (unfit.test(value) || unfit.test(name)) throw new TypeError(`the header ${name} holds a control character`);
    head += `${name}: ${value}\r\n`;
  }
  const { requestId, date, closes, keepAliveSeconds } = framing;
  const bodiless = status === 204 || status === 304;
  if (!bodiless) head += `content-length: ${body.length}\r\n`;
  const connection = closes ? "Connection: close" : `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
  head += `x-request-id: ${requestId}\r\nx-ms-request-id: ${requestId}\r\nDate: ${date}\r\n${connection}\r\n\r\n`;
  const size = framing.headOnly || bodiless ? 0 : body.length;
  const bytes = Buffer.allocUnsafe(head.length + size);
  bytes.write(head, 0, "latin1");
  if (size > 0) bytes.set(body, head.length);
  return bytes;
}
