import type { IncomingHttpHeaders } from "node:http";

/**
 * The headers an answer has for a page of another origin (https://fetch.spec.whatwg.org/#http-cors-protocol). With one listed origin it
 * is named whoever asks, as Azure ML's servers do. Others get no header, and are answered all the same: it is the browser that refuses.
 */
export function corsHeaders(headers: IncomingHttpHeaders, origins: readonly string[]): Record<string, string> {
  const origin = headers.origin?.toLowerCase();
  const [only] = origins;
  const allowed = origins.includes("*")
    ? "*"
    : (origins.find((one) => one.toLowerCase() === origin) ??
      (origins.length === 1 && origin === undefined ? only : undefined));
  const vary: Record<string, string> = origins.length > 1 ? { vary: "Origin" } : {};
  if (allowed === undefined) return vary;
  const found = { "access-control-allow-origin": allowed, ...vary };
  if (headers["access-control-request-method"] === undefined) return found;
  const wanted = headers["access-control-request-headers"];
  return {
    ...found,
    "access-control-allow-methods": "GET, POST",
    ...(wanted === undefined ? {} : { "access-control-allow-headers": wanted }),
  };
}
