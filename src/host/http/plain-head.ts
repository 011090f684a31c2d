/** The head of a request that needs nothing but an answer. */
export interface PlainHead {
  method: string;
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
  /** Bytes of the body. */
  length: number;
  /** Bytes of the head with the empty line behind it. */
  size: number;
}

const longestHead = 16 * 1024;
const requestLine = /(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[!-~]*) HTTP\/1\.1\r\n/y;
const headerLine = /([\w!#$%&'*+.^`|~-]+):[\t ]*([\t -~]*)\r\n/y;

/** What changes how the body or the connection is read, or what this reader cannot keep. */
const special = new Set([
  "__proto__",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The head at the beginning of what a client sent, as RFC 9112 has it, when it is complete, of HTTP/1.1 and plain: every header once, in visible ASCII, a
 * body of announced size, a connection that stays. Undefined for everything else, good or bad: that is for node:http to judge.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1 || end > longestHead) return undefined;
  const text = bytes.toString("latin1", 0, end + 2);
  requestLine.lastIndex = 0;
  const [line, method, url] = requestLine.exec(text) ?? [];
  if (line === undefined || method === undefined || url === undefined) return undefined;
  const headers = readHeaders(text, line.length);
  if (headers === undefined || headers.host === undefined) return undefined;
  const length = lengthOf(headers["content-length"]);
  return length === undefined ? undefined : { method, url, headers, length, size: end + 4 };
}

function readHeaders(text: string, from: number): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  headerLine.lastIndex = from;
  while (headerLine.lastIndex < text.length) {
    const match = headerLine.exec(text);
    if (match === null) return undefined;
    const name = (match[1] as string).toLowerCase();
    const value = (match[2] as string).trimEnd();
    if (headers[name] !== undefined || special.has(name)) return undefined;
    if (name === "connection" && value.toLowerCase() !== "keep-alive") return undefined;
    headers[name] = value;
  }
  return headers;
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
