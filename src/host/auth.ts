import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";
import { sameDigest, sha256 } from "../kernel/hash.ts";
import { opensService } from "../kernel/service-token.ts";

/** Checks the key or the token of a request. Error: unauthenticated. */
export function authenticate(service: WantedService, authorization: string | undefined): void {
  if (!mayUse(service, authorization)) throw new ModelyardError("unauthenticated");
}

/** Whether the key or the token of a request (`Authorization: Bearer <secret>`) opens a service. Takes as long for any wrong key. */
export function mayUse(service: WantedService, authorization: string | undefined): boolean {
  const { auth, keyDigests } = service;
  if (auth === "none") return true;
  if (authorization === undefined) return false;
  const known = verified.get(keyDigests);
  if (known?.has(authorization)) return true;
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
  if (opensService(secret, service)) return true;
  if (!isKey(keyDigests, secret)) return false;
  if (known === undefined) verified.set(keyDigests, new Set([authorization]));
  else if (known.size < mostVerified) known.add(authorization);
  return true;
}

/**
 * Headers whose key was found right, kept as long as a service's keys stay the same: hashing a key costs as much as reading a row of numbers.
 * Only right ones are kept, so nobody can fill it, and a set compares texts only when their seeded hashes are equal.
 */
const verified = new WeakMap<readonly string[], Set<string>>();
const mostVerified = 16;

function isKey(keyDigests: readonly string[], key: string): boolean {
  const digest = sha256(key);
  let known = false;
  for (const valid of keyDigests) if (sameDigest(digest, valid)) known = true;
  return known && key !== "";
}
