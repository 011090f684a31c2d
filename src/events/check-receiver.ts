import { isIP } from "node:net";
import { ModelyardError } from "../contract/errors.ts";
import type { Address, EventsPorts } from "./ports.ts";
import { isPublicAddress } from "./public-address.ts";

/**
 * The addresses a webhook may be sent to: all that the host of its URL has now, which must be public unless private ones are allowed.
 * The caller connects to one of these and asks for the name no second time, so the answer cannot change in between.
 * The decimal, octal and hexadecimal forms of an address are read as the URL standard says: http://2130706433 is 127.0.0.1.
 */
export async function checkReceiver(
  { lookup, allowPrivate }: Pick<EventsPorts, "lookup" | "allowPrivate">,
  url: string,
): Promise<Address[]> {
  const { hostname, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") throw refused(hostname, "only http and https are sent to");
  const host = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const addresses = family === 0 ? await addressesOf(lookup, host) : [{ address: host, family: family as 4 | 6 }];
  const inside = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
  if (inside !== undefined) throw refused(host, `${inside.address} is not a public address`);
  return addresses;
}

async function addressesOf(lookup: EventsPorts["lookup"], host: string): Promise<Address[]> {
  const addresses = await lookup(host).catch(() => []);
  if (addresses.length === 0) throw refused(host, "the name has no address");
  return addresses;
}

const refused = (host: string, reason: string) => new ModelyardError("webhook-address-refused", { host, reason });
