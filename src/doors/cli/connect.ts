import { type Client, makeClient } from "../../client/client.ts";
import { readTextIfAny } from "../../kernel/files.ts";
import { ensureServer } from "./local/server.ts";
import { homePaths } from "./settings.ts";
import type { Tools } from "./tools.ts";

export interface Connection {
  client: Client;
  url: string;
}

/** A client of the server named by MODELYARD_URL, or of the local one, which is started when it does not run. */
export async function connect(tools: Tools): Promise<Connection> {
  const { url, token } = tools.settings;
  if (url !== undefined) return connectionTo(tools, url, token);
  const server = await ensureServer(tools);
  return connectionTo(tools, server.url, token ?? (await adminToken(tools)));
}

/** A client of a server that is known to run. */
export async function connectionTo(tools: Tools, url: string, token: string | undefined): Promise<Connection> {
  const { fetch, version } = tools.system;
  return { url, client: makeClient({ url, token, fetch, userAgent: `modelyard-cli/${version}` }) };
}

/** The token the local server made at its first start. */
export async function adminToken({ settings }: Tools): Promise<string | undefined> {
  return (await readTextIfAny(homePaths(settings.home).adminToken))?.trim();
}
