import type { IncomingHttpHeaders } from "node:http";
import { uuid7 } from "../kernel/ids.ts";

// in the order of Azure ML's server, which answers it as x-ms-request-id; another one is kept beside it (correlation-id.ts)
const sources = ["x-ms-request-id", "x-ms-client-request-id", "x-request-id"];

/** The id a client gave its request, when it is fit for logs and file names; else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders, at: number): string {
  for (const name of sources) {
    const value = headers[name];
    if (typeof value === "string" && /^[\w.:-]{1,100}$/.test(value)) return value;
  }
  return uuid7(at);
}
