import type { FastifyRequest } from "fastify";
import { ModelyardError } from "../../contract/errors.ts";
import { reportPath } from "./page-headers.ts";

/** Paths that tell nothing but that the server runs: probes ask them under whatever name they know. */
const openPaths = ["/health", "/healthz"];

/** The host of a `Host` header or a URL, without its port, as it is compared. Undefined for what is none. */
export function hostOf(text: string | undefined): string | undefined {
  const [, host] = /^(\[[\da-f:.]+\]|[^:[\]/@]+?)\.?(?::\d{1,5})?$/i.exec(text ?? "") ?? [];
  return host?.toLowerCase();
}

/** Names and addresses that mean this machine on every machine (RFC 6761 §6.3). */
const isLoopback = (host: string): boolean =>
  host === "[::1]" || /^(.+\.)?localhost$/.test(host) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

export const isNamed = (allowed: readonly string[], host: string): boolean =>
  allowed.some((name) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name));

/** The hosts of a list such as `models.example.org, *.lab.example.org`; `variable` is named to who wrote it wrong. Error: not-supported. */
export function parseHosts(list: string, variable: string): string[] {
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  const wrong = names.filter((name) => !/^(\*\.)?[\w-]+(\.[\w-]+)*$|^\[[\da-f:.]+\]$/i.test(name));
  if (wrong.length > 0)
    throw new ModelyardError("not-supported", {
      what: `${variable}: ${wrong.join(", ")} is no host name`,
      instead: "Write it as in models.example.org, without scheme and port.",
    });
  return names.map((name) => name.toLowerCase());
}

/**
 * Refuses what a web page of somebody else may have made a browser send: a request under a foreign host name (DNS rebinding) and
 * a change with a foreign `Origin`, which would travel with the password that the browser kept. `allowed` are host names
 * besides those of loopback. Errors: foreign-host, foreign-origin.
 */
export function refuseForeign(allowed: readonly string[]) {
  return async ({ method, url, headers }: Pick<FastifyRequest, "method" | "url" | "headers">): Promise<void> => {
    if (openPaths.includes(url.split("?", 1)[0] ?? "")) return;
    const host = hostOf(headers.host);
    if (host === undefined || !(isLoopback(host) || isNamed(allowed, host)))
      throw new ModelyardError("foreign-host", { host: headers.host ?? "(none)" });
    const { origin } = headers;
    // under `no-referrer` browsers report of their own page with the Origin `null`; a report changes nothing
    if (url === reportPath) return;
    if (origin === undefined || ["GET", "HEAD", "OPTIONS"].includes(method)) return;
    const from = URL.canParse(origin) ? new URL(origin).host : "";
    // a proxy may have sent the request on under another name; pages of another port of this machine stay foreign
    if (from !== headers.host && !isNamed(allowed, hostOf(from) ?? ""))
      throw new ModelyardError("foreign-origin", { origin });
  };
}
