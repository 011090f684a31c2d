import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { Address, WebhookAnswer, WebhookRequest } from "../events/ports.ts";

const keptCharacters = 1000;

/** All addresses of a name, as this machine resolves it. */
export async function lookupAddresses(host: string): Promise<Address[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** POSTs to one of the given addresses on a connection of its own. Does not follow redirects. Throws when no answer came in time. */
export function sendWebhook({ url, addresses, headers, body, timeoutMs }: WebhookRequest): Promise<WebhookAnswer> {
  const target = new URL(url);
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request = (target.protocol === "https:" ? httpsRequest : httpRequest)(target, {
      method: "POST",
      agent: false,
      lookup: answering(addresses),
      headers: { ...headers, "Content-Length": bytes.length, "User-Agent": "modelyard" },
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    request.once("close", () => clearTimeout(timer));
    request.once("error", reject);
    request.once("response", (response) => {
      request.off("error", reject).on("error", () => {}); // from here on readAnswer tells what came
      void readAnswer(response).then(resolve);
    });
    request.end(bytes);
  });
}

/** Answers the question for a name with the addresses that were checked: the name is not asked for again. */
const answering =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(first === undefined ? new Error("no address") : null, first?.address ?? "", first?.family ?? 4);
  };

/** Status and first part of the body; the status stands even when the rest does not come. */
async function readAnswer(response: IncomingMessage): Promise<WebhookAnswer> {
  let body = "";
  response.setEncoding("utf8");
  try {
    for await (const text of response) {
      body += text;
      if (body.length >= keptCharacters) break;
    }
  } catch {
    // the connection broke behind the status
  }
  response.destroy();
  return { status: response.statusCode ?? 0, body: body.slice(0, keptCharacters) };
}
