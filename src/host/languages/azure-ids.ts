import type { IncomingHttpHeaders } from "node:http";
import { ModelyardError } from "../../contract/errors.ts";
import { idIn } from "../request-id.ts";

const idHeaders = ["x-request-id", "x-ms-request-id", "x-ms-client-request-id"];
const longestId = 100;

const textOf = (headers: IncomingHttpHeaders, name: string): string | undefined => headers[name]?.toString();

/** Error: request-id-too-long, for an id over 100 characters. */
export function checkIds(headers: IncomingHttpHeaders): void {
  for (const header of idHeaders)
    if ((headers[header]?.length ?? 0) > longestId) throw new ModelyardError("request-id-too-long", { header });
}

/**
 * The ids a client gave, as Azure ML's inference server gives them back. `x-ms-request-id` is always the id under which the request is
 * logged and recorded; `x-request-id` too, unless the client gave another one. Undefined when it gave none.
 */
export function idsToEcho(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const trace = textOf(headers, "traceid");
  if (trace === undefined && idHeaders.every((name) => headers[name] === undefined)) return undefined;
  const echo: Record<string, string> = {};
  const own = idIn(headers, "x-request-id");
  if (own !== undefined) echo["x-request-id"] = own;
  const client = textOf(headers, "x-ms-client-request-id") ?? textOf(headers, "x-ms-request-id");
  if (client !== undefined && client.length <= longestId) echo["x-ms-client-request-id"] = client;
  if (trace !== undefined) echo.traceid = trace;
  return echo;
}
