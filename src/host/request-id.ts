import type { IncomingHttpHeaders } from "node:http";
import { uuid7 } from "../kernel/ids.ts";

// in the order of Azure ML's server, which answers it as x-ms-request-id; another one is kept beside it (correlation-id.ts)
const sources = ["x-ms-request-id", "x-ms-client-request-id", "x-request-id"];

/** The id in a header, when it is fit for logs and file names. */
export function idIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}

/** The id a client gave its request, when it is fit; else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders, at: number): string {
  for (const name of sources) {
    const id = idIn(headers, name);
    if (id !== undefined) return id;
  }
  return uuid7(at);
}
