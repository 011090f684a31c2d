import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";
import { sameDigest, sha256 } from "../kernel/hash.ts";

/** Checks the key of a request. Error: unauthenticated. */
export function authenticate(service: WantedService, authorization: string | undefined): void {
  if (!mayUse(service, authorization)) throw new ModelyardError("unauthenticated");
}

/** Whether the key of a request (`Authorization: Bearer <key>`) opens a service. Takes as long for any wrong key. */
export function mayUse({ auth, keyDigests }: WantedService, authorization: string | undefined): boolean {
  if (auth === "none") return true;
  if (authorization === undefined) return false;
  const known = verified.get(keyDigests);
  if (known?.has(authorization)) return true;
  if (!isKey(keyDigests, authorization)) return false;
  if (known === undefined) verified.set(keyDigests, new Set([authorization]));
  else if (known.size < mostVerified) known.add(authorization);
  return true;
}

/**
 * Headers that were found right, kept as long as a service's keys stay the same: hashing a key costs as much as reading a row of numbers.
 * Only right ones are kept, so nobody can fill it, and a set compares texts only when their seeded hashes are equal.
 */
const verified = new WeakMap<readonly string[], Set<string>>();
const mostVerified = 16;

function isKey(keyDigests: readonly string[], authorization: string): boolean {
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
  const digest = sha256(key);
  let known = false;
  for (const valid of keyDigests) if (sameDigest(digest, valid)) known = true;
  return known && key !== "";
}
