import { ModelyardError } from "../contract/errors.ts";
import { type Operation, roleIncludes } from "../contract/operation.ts";
import type { Actor } from "../contract/operations.ts";
import { tokenWanted } from "../contract/token-wanted.ts";
import { sha256 } from "../kernel/hash.ts";
import type { AccessPorts } from "./ports.ts";
import { findTokenByHash } from "./rows/tokens.ts";

/**
 * Who sent this `Authorization` header. Looked up by the token's hash at every request, so a revocation holds at once;
 * the database compares hashes of 256 random bits, so its timing tells nothing about a token.
 */
export async function authenticate({ db, clock }: AccessPorts, authorization: string | undefined): Promise<Actor> {
  for (const secret of secretsOf(authorization)) {
    const token = await findTokenByHash(db, sha256(secret));
    if (token === undefined || token.revokedAt !== null) continue;
    const { id, name, role, expiresAt } = token;
    if (expiresAt === null || expiresAt > clock.now()) return { id, name, role, kind: "token", expiresAt };
  }
  throw tokenWanted();
}

/** The token of a Bearer header, or what may be one in a Basic header: clients that only know passwords send it as either part. */
function secretsOf(authorization: string | undefined): string[] {
  const [, scheme = "", value = ""] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return [value];
  if (scheme === "") return [];
  const text = Buffer.from(value, "base64").toString("utf8");
  const cut = text.indexOf(":");
  const parts = cut < 0 ? [text] : [text.slice(cut + 1), text.slice(0, cut)];
  return parts.filter((part) => part !== "");
}

/** Refuses an actor whose role is less than the operation's. */
export function authorise(actor: Actor, operation: Pick<Operation, "id" | "role">): void {
  if (!roleIncludes(actor.role, operation.role))
    throw new ModelyardError("forbidden", { role: actor.role, operation: operation.id, needed: operation.role });
}
