import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";
import { sameDigest, sha256 } from "../kernel/hash.ts";

/** Checks the key of a request. Error: unauthenticated. */
export function authenticate(service: WantedService, authorization: string | undefined): void {
  if (!mayUse(service, authorization)) throw new ModelyardError("unauthenticated");
}

/** Whether the key of a request (`Authorization: Bearer <key>`) opens a service. Takes as long for any key. */
export function mayUse(service: WantedService, authorization: string | undefined): boolean {
  if (service.auth === "none") return true;
  const key = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = sha256(key);
  let known = false;
  for (const valid of service.keyDigests) if (sameDigest(digest, valid)) known = true;
  return known && key !== "";
}
