/** The head of a request that needs nothing but an answer. One object for all requests that have it. */
export interface PlainHead {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly length: number;
  /** Bytes of the head with the empty line behind it. */
  readonly size: number;
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
  return known.get(text) ?? remember(text, readText(text));
}

/** Clients send one head again and again: reading it costs five times as much as finding it. */
const known = new Map<string, PlainHead>();
const mostKnown = 256;
const longestKnown = 2048;
let unknown = 0;

/** Those of clients that never repeat one (an id in each) must not be kept one after the other: when there are enough, new ones wait for a while. */
function remember(text: string, head: PlainHead | undefined): PlainHead | undefined {
  unknown += 1;
  if (unknown > 16 * mostKnown) {
    known.clear();
    unknown = 0;
  }
  if (head !== undefined && known.size < mostKnown && text.length <= longestKnown) known.set(text, head);
  return head;
}

function readText(text: string): PlainHead | undefined {
  requestLine.lastIndex = 0;
  const [line, method, url] = requestLine.exec(text) ?? [];
  if (line === undefined || method === undefined || url === undefined) return undefined;
  const headers = readHeaders(text, line.length);
  if (headers === undefined || headers.host === undefined) return undefined;
  const length = lengthOf(headers["content-length"]);
  return length === undefined ? undefined : { method, url, headers, length, size: text.length + 2 };
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
