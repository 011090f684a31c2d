import type { Token } from "../../contract/access.ts";
import type { Db } from "../../kernel/db.ts";
import { findToken } from "./tokens.ts";

interface Tables {
  sign_in_links: { hash: string; token: string; expires_at: number };
  sessions: { hash: string; token: string; created_at: number; expires_at: number };
}

/** A session with the token it was opened with. */
export interface Session {
  token: Token;
  createdAt: number;
  expiresAt: number;
}

export async function insertLink(tx: Db, link: { hash: string; token: string; expiresAt: number }): Promise<void> {
  const row = { hash: link.hash, token: link.token, expires_at: link.expiresAt };
  await tx.tables<Tables>().insertInto("sign_in_links").values(row).execute();
}

/** Takes a link out: of two that ask at once one gets it. */
export async function takeLink(tx: Db, hash: string): Promise<{ token: string; expiresAt: number } | undefined> {
  const row = await tx
    .tables<Tables>()
    .deleteFrom("sign_in_links")
    .where("hash", "=", hash)
    .returning(["token", "expires_at"])
    .executeTakeFirst();
  return row === undefined ? undefined : { token: row.token, expiresAt: row.expires_at };
}

export async function insertSession(
  tx: Db,
  session: { hash: string; token: string; createdAt: number; expiresAt: number },
): Promise<void> {
  const { hash, token, createdAt, expiresAt } = session;
  const row = { hash, token, created_at: createdAt, expires_at: expiresAt };
  await tx.tables<Tables>().insertInto("sessions").values(row).execute();
}

export async function findSession(db: Db, hash: string): Promise<Session | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("sessions")
    .select(["token", "created_at", "expires_at"])
    .where("hash", "=", hash)
    .executeTakeFirst();
  const token = row === undefined ? undefined : await findToken(db, row.token);
  return row && token && { token, createdAt: row.created_at, expiresAt: row.expires_at };
}

export async function prolongSession(db: Db, hash: string, expiresAt: number): Promise<void> {
  await db.tables<Tables>().updateTable("sessions").set({ expires_at: expiresAt }).where("hash", "=", hash).execute();
}

export async function deleteSession(db: Db, hash: string): Promise<void> {
  await db.tables<Tables>().deleteFrom("sessions").where("hash", "=", hash).execute();
}

/** Removes links and sessions that ended by themselves. */
export async function deleteExpired(tx: Db, now: number): Promise<void> {
  for (const table of ["sign_in_links", "sessions"] as const)
    await tx.tables<Tables>().deleteFrom(table).where("expires_at", "<=", now).execute();
}
