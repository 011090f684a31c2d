import type { IncomingHttpHeaders } from "node:http";

/** In this order: Azure ML's, the common one, CloudEvents' in binary mode. */
const sources = ["x-ms-client-request-id", "x-request-id", "ce-id"];

/** The first of the headers that is 1 to 100 printable letters of ASCII, and not `except`. */
function firstOf(headers: IncomingHttpHeaders, except?: string): string | undefined {
  for (const name of sources) {
    const value = headers[name];
    if (typeof value === "string" && value !== except && /^[\x20-\x7e]{1,100}$/.test(value)) return value;
  }
  return undefined;
}

/** What the sample of what is kept goes by: the client's id, as what else comes with the request may be of a proxy, and another one each time; without one, the request's. */
export const sampleIdOf = (headers: IncomingHttpHeaders, requestId: string): string => firstOf(headers) ?? requestId;

/** What the client, or a proxy, calls the request beside its id, so that both are found. Undefined when there is nothing else. */
export const correlationIdOf = (headers: IncomingHttpHeaders, requestId: string): string | undefined =>
  firstOf(headers, requestId);
