import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";
import { sameDigest, sha256 } from "../kernel/hash.ts";
import { isServerToken } from "../kernel/server-token.ts";
import { opensService } from "../kernel/service-token.ts";

/** Checks the key or the token of a request. Error: unauthenticated. */
export function authenticate(service: WantedService, authorization: string | undefined): void {
  if (!mayUse(service, authorization)) throw keyWanted(authorization);
}

/** The refusal of a request that opens nothing here. A token of the server is told by its form alone: whether it is valid nobody learns. */
export function keyWanted(authorization: string | undefined): ModelyardError {
  const isOfServer = isServerToken(secretIn(authorization ?? ""));
  const came = isOfServer ? "what came is a token of the server, which opens no service here: " : "";
  const ways =
    "`modelyard service keys NAME` shows the keys of a service, `modelyard service token NAME` makes a token of it for a while";
  return new ModelyardError("unauthenticated", { secret: "key", source: came + ways });
}

/** Whether the key or the token of a request (`Authorization: Bearer <secret>`) opens a service. Takes as long for any wrong key. */
export function mayUse(service: WantedService, authorization: string | undefined): boolean {
  const { auth, keyDigests } = service;
  if (auth === "none") return true;
  if (authorization === undefined) return false;
  const known = verified.get(keyDigests);
  if (known?.has(authorization)) return true;
  const secret = secretIn(authorization);
  if (opensService(secret, service)) return true;
  const key = keyOf(keyDigests, secret);
  if (key === undefined) return false;
  if (known === undefined) verified.set(keyDigests, new Map([[authorization, key]]));
  else if (known.size < mostVerified) known.set(authorization, key);
  return true;
}

/**
 * Who sent a request that was let in, as records name it (contract/host.ts): the key by its place, a token by the beginning of its digest. Undefined
 * where no key is needed or none came.
 */
export function callerOf({ auth, keyDigests }: WantedService, authorization: string | undefined): string | undefined {
  if (auth === "none" || authorization === undefined) return undefined;
  const secret = () => secretIn(authorization);
  return verified.get(keyDigests)?.get(authorization) ?? keyOf(keyDigests, secret()) ?? tokenName(secret());
}

const tokenName = (secret: string): string | undefined =>
  secret.startsWith("mt_") ? `token:${sha256(secret).slice(0, 12)}` : undefined;

const secretIn = (authorization: string): string => /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";

/**
 * Headers whose key was found right, with the name of the key, kept as long as a service's keys stay the same: hashing a key costs as much as
 * reading a row of numbers. Only right ones are kept, so nobody can fill it, and a map compares texts only when their seeded hashes are equal.
 */
const verified = new WeakMap<readonly string[], Map<string, string>>();
const mostVerified = 16;

/** The order of the digests is that of use/plan.ts. */
const keyNames = ["key:primary", "key:secondary"];

function keyOf(keyDigests: readonly string[], key: string): string | undefined {
  const digest = sha256(key);
  let known: string | undefined;
  for (const [place, valid] of keyDigests.entries())
    if (sameDigest(digest, valid)) known ??= keyNames[place] ?? `key:${place + 1}`;
  return key === "" ? undefined : known;
}
