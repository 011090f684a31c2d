import type { IncomingHttpHeaders } from "node:http";

/** In this order: Azure ML's, the common one, CloudEvents' in binary mode. */
const sources = ["x-ms-client-request-id", "x-request-id", "ce-id"];

/**
 * What a client calls its request, which later labels name: the first of the headers that is 1 to 100 printable letters of ASCII
 * and not the id of the request. Undefined when there is none.
 */
export function correlationIdOf(headers: IncomingHttpHeaders, requestId: string): string | undefined {
  for (const name of sources) {
    const value = headers[name];
    if (typeof value === "string" && value !== requestId && /^[\x20-\x7e]{1,100}$/.test(value)) return value;
  }
  return undefined;
}
