import type { IncomingHttpHeaders } from "node:http";
import { ModelyardError } from "../../contract/errors.ts";
import { hostOf, isNamed } from "./foreign-requests.ts";

interface Asked {
  method: string;
  headers: IncomingHttpHeaders;
}

/**
 * Refuses what a browser sent with its cookie though no page of this server asked for it (decision 0032). SameSite=Strict keeps other
 * sites away, but pages on other ports of the same name are of the same site: what sent the request is told by headers that no
 * page can write, `Sec-Fetch-Site` for all and `Origin` for changes. Error: foreign-page.
 */
export function refuseForeignPage({ method, headers }: Asked, allowed: readonly string[]): void {
  const site = headers["sec-fetch-site"];
  // none: typed or a bookmark. Absent: a browser from before 2023, or plain http to another machine
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw new ModelyardError("foreign-page", { from: `from another page (${site})` });
  if (method !== "GET" && method !== "HEAD") refuseForeignOrigin(headers, allowed);
}

/** Refuses a request whose Origin is missing or not this server's own. Error: foreign-page. */
function refuseForeignOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): void {
  const { origin } = headers;
  if (origin === undefined) throw new ModelyardError("foreign-page", { from: "without an Origin" });
  if (!isOwnOrigin(origin, headers, allowed)) throw new ModelyardError("foreign-page", { from: `from ${origin}` });
}

/** Whether an Origin is this server as the browser knows it: by its Host, the one a proxy passes on, or an allowed name on its own port. */
export function isOwnOrigin(origin: string, headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, port } = new URL(origin);
  if (host === headers.host || host === headers["x-forwarded-host"]) return host !== "";
  return port === "" && isNamed(allowed, hostOf(host) ?? "");
}
