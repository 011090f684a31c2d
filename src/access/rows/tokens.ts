import type { Token } from "../../contract/access.ts";
import type { Role } from "../../contract/operation.ts";
import type { Db } from "../../kernel/db.ts";

interface TokenRow {
  id: string;
  name: string;
  role: Role;
  hash: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}
interface Tables {
  tokens: TokenRow;
}

const toToken = (row: TokenRow): Token => ({
  id: row.id,
  name: row.name,
  role: row.role,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

export async function insertToken(db: Db, token: Token, hash: string): Promise<void> {
  const { id, name, role } = token;
  const row = { id, name, role, hash, created_at: token.createdAt, expires_at: token.expiresAt, revoked_at: null };
  await db.tables<Tables>().insertInto("tokens").values(row).execute();
}

export async function findTokenByHash(db: Db, hash: string): Promise<Token | undefined> {
  const row = await db.tables<Tables>().selectFrom("tokens").selectAll().where("hash", "=", hash).executeTakeFirst();
  return row === undefined ? undefined : toToken(row);
}

export async function findToken(db: Db, id: string): Promise<Token | undefined> {
  const row = await db.tables<Tables>().selectFrom("tokens").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : toToken(row);
}

/** Ends a token; false when there is none or it had ended by a revocation before. */
export async function revoke(tx: Db, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .tables<Tables>()
    .updateTable("tokens")
    .set({ revoked_at: at })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Newest first: ids are time-ordered. */
export async function selectTokens(db: Db, limit: number, beforeId?: string): Promise<Token[]> {
  let query = db.tables<Tables>().selectFrom("tokens").selectAll().orderBy("id", "desc").limit(limit);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return (await query.execute()).map(toToken);
}
