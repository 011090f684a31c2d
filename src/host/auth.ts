import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";
import { sameDigest, sha256 } from "../kernel/hash.ts";

/** Checks the key of a request (`Authorization: Bearer <key>`). Error: unauthenticated. Takes as long for any key. */
export function authenticate(service: WantedService, authorization: string | undefined): void {
  if (service.auth === "none") return;
  const key = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = sha256(key);
  let known = false;
  for (const valid of service.keyDigests) if (sameDigest(digest, valid)) known = true;
  if (!known || key === "") throw new ModelyardError("unauthenticated");
}
