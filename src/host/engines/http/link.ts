import { type LookupAddress, lookup } from "node:dns";
import { readFile } from "node:fs/promises";
import http, { type ClientRequest, type OutgoingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";
import { linkLocal } from "../../../contract/link-local.ts";

/** Servers close idle connections after 5 s and more; a request on one that is being closed would be lost. Nothing else need close them. */
const idleMs = 3000;

/** A request as it goes to a server; `path` begins with / and is below the server's address. */
export interface UpstreamRequest {
  method: string;
  path: string;
  headers: OutgoingHttpHeaders;
}

/** The way to the server of a replica. */
export interface UpstreamLink {
  /** Its health path and the one for scoring. */
  readonly paths: { health: string; score: string };
  /** Error: what keeps the authorization from being read. */
  mustBeReady(): Promise<unknown>;
  /** Begins a request; the caller sends the body and listens. Error: what keeps the authorization from being read. */
  open(request: UpstreamRequest): Promise<ClientRequest>;
}

export interface LinkOptions {
  url: string;
  paths: UpstreamLink["paths"];
  authorizationFile: string | undefined;
}

/** Keeps connections open between requests. The authorization is read for each request, so that it can be changed without a restart. */
export function makeLink({ url, paths, authorizationFile }: LinkOptions): UpstreamLink {
  const base = new URL(url);
  // TLS weighs some megabytes: only who needs it has it
  const speaking = (base.protocol === "https:" ? import("node:https") : Promise.resolve(http)).then(
    ({ Agent, request }) => ({ request, agent: new Agent({ keepAlive: true, timeout: idleMs }) }),
  );
  const prefix = base.pathname.replace(/\/+$/, "");
  const authorized = async () =>
    authorizationFile === undefined ? {} : { authorization: await readSecret(authorizationFile) };
  return {
    paths,
    mustBeReady: authorized,
    open: async ({ method, path, headers }) => {
      const authorization = await authorized();
      const { request, agent } = await speaking;
      return request({
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ""),
        port: base.port,
        method,
        path: prefix + path,
        headers: { ...headers, ...authorization, host: base.host },
        agent,
        lookup: lookupElsewhere,
      });
    },
  };
}

async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/** A name may not lead where an address may not (contract/link-local.ts). */
const lookupElsewhere: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) return done(error, "");
    if (found.some(({ address }) => linkLocal.test(address)))
      return done(new Error(`${hostname} leads to a link-local address`), "");
    if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
