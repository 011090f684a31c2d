import type { Role } from "../contract/operation.ts";
import type { Handler } from "../contract/operations.ts";
import { sha256 } from "../kernel/hash.ts";
import { uuid7 } from "../kernel/ids.ts";
import { emit } from "../kernel/outbox.ts";
import { newServerToken } from "../kernel/server-token.ts";
import { spanMs } from "../kernel/time-spans.ts";
import type { AccessPorts } from "./ports.ts";
import { insertToken } from "./rows/tokens.ts";

export const createToken =
  ({ db, clock }: AccessPorts): Handler<"createToken"> =>
  async ({ role, name, expires }, { actor }) =>
    addToken(
      { db, clock },
      { role, name, token: newServerToken(), lifeMs: expires === undefined ? null : spanMs(expires), by: actor.name },
    );

/** Keeps a token by its hash; the secret itself is only in the answer. `lifeMs` null: it lives until it is revoked. */
export async function addToken(
  { db, clock }: AccessPorts,
  { role, name, token, lifeMs, by }: { role: Role; name: string; token: string; lifeMs: number | null; by: string },
) {
  const now = clock.now();
  const entry = {
    id: uuid7(now),
    name,
    role,
    createdAt: now,
    expiresAt: lifeMs === null ? null : now + lifeMs,
    revokedAt: null,
  };
  await db.transaction(async (tx) => {
    await insertToken(tx, entry, sha256(token));
    const data = { id: entry.id, name, role, expiresAt: entry.expiresAt };
    await emit(tx, { type: "modelyard.token.created", subject: `tokens/${entry.id}`, data, actor: by, at: now });
  });
  return { ...entry, token };
}
