import { ModelyardError } from "../contract/errors.ts";
import { type Operation, type Role, roleIncludes } from "../contract/operation.ts";
import { sha256 } from "../kernel/hash.ts";
import type { AccessPorts } from "./ports.ts";
import { findTokenByHash } from "./rows.ts";

export interface Actor {
  name: string;
  role: Role;
}

/**
 * Who sent this `Authorization` header. Looked up by the token's hash at every request, so a revocation holds at once;
 * the database compares hashes of 256 random bits, so its timing tells nothing about a token.
 */
export async function authenticate({ db, clock }: AccessPorts, authorization: string | undefined): Promise<Actor> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const token = secret === undefined ? undefined : await findTokenByHash(db, sha256(secret));
  const valid =
    token !== undefined && token.revokedAt === null && (token.expiresAt === null || token.expiresAt > clock.now());
  if (!valid) throw new ModelyardError("unauthenticated");
  return { name: token.name, role: token.role };
}

/** Refuses an actor whose role is less than the operation's. */
export function authorise(actor: Actor, operation: Operation): void {
  if (!roleIncludes(actor.role, operation.role))
    throw new ModelyardError("forbidden", { role: actor.role, operation: operation.id, needed: operation.role });
}
