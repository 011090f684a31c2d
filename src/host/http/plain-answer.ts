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

/** An answer as HTTP/1.1 has it on the wire (RFC 9112 §4, §6). Throws TypeError for a header that would break out of its line. */
export function plainAnswerBytes(answer: Answer, framing: AnswerFraming): Buffer {
  const { status, body } = answer;
  const bodiless = status === 204 || status === 304;
  const head = plainAnswerHead(answer, framing, bodiless ? "" : `content-length: ${body.length}\r\n`);
  const size = framing.headOnly || bodiless ? 0 : body.length;
  const bytes = Buffer.allocUnsafe(head.length + size);
  bytes.write(head, 0, "latin1");
  if (size > 0) bytes.set(body, head.length);
  return bytes;
}

/** Status line and headers with the empty line behind them; `length` is the line that says how the body is framed. An answer's own request ids stay. */
export function plainAnswerHead(
  { status, headers }: Pick<Answer, "status" | "headers">,
  { requestId, date, closes, keepAliveSeconds }: AnswerFraming,
  length: string,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
  if (headers["x-request-id"] === undefined) head += `x-request-id: ${requestId}\r\n`;
  if (headers["x-ms-request-id"] === undefined) head += `x-ms-request-id: ${requestId}\r\n`;
  for (const name in headers) {
    const value = headers[name] as string | readonly string[];
    if (typeof value === "string") head += headerLine(name, value);
    else for (const one of value) head += headerLine(name, one);
  }
  const connection = closes ? "Connection: close" : `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
  return `${head}${length}Date: ${date}\r\n${connection}\r\n\r\n`;
}

const unfit = /[^\t -~\x80-\xff]/;

function headerLine(name: string, value: string): string {
  if (unfit.test(value) || unfit.test(name)) throw new TypeError(`the header ${name} holds a control character`);
  return `${name}: ${value}\r\n`;
}
