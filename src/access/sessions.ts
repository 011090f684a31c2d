import type { Token } from "../contract/access.ts";
import { ModelyardError } from "../contract/errors.ts";
import type { Actor } from "../contract/operations.ts";
import { tokenWanted } from "../contract/token-wanted.ts";
import type { Db } from "../kernel/db.ts";
import { sha256 } from "../kernel/hash.ts";
import { newSecret } from "../kernel/ids.ts";
import type { AccessPorts } from "./ports.ts";
import { deleteExpired, deleteSession, findSession, insertSession, prolongSession, takeLink } from "./rows/sessions.ts";
import { findToken, findTokenByHash } from "./rows/tokens.ts";

/** How long a session lives unused, and at most. */
const idleMs = 12 * 3_600_000;
const longestMs = 7 * 24 * 3_600_000;
/** A session that is used is prolonged by steps, so that reading does not write each time. */
const prolongedByMs = 10 * 60_000;

/** What a browser signs in with: the code of a sign-in link, or the text of a token. */
export type SignIn = { code: string } | { token: string };

/**
 * Opens a session and gives its secret, of which only the hash is kept. `lifeMs` is the longest it may live. Codes and tokens have 256
 * random bits, so nothing counts failed attempts: guessing is hopeless at any rate. Errors: unauthenticated, sign-in-link-used.
 */
export function openSession({ db, clock }: AccessPorts, signIn: SignIn): Promise<{ secret: string; lifeMs: number }> {
  return db.transaction(async (tx) => {
    const now = clock.now();
    const token = "code" in signIn ? await tokenOfLink(tx, signIn.code, now) : await tokenOf(tx, signIn.token, now);
    const secret = newSecret("mys");
    await deleteExpired(tx, now);
    await insertSession(tx, { hash: sha256(secret), token: token.id, createdAt: now, expiresAt: now + idleMs });
    return { secret, lifeMs: longestMs };
  });
}

async function tokenOf(tx: Db, text: string, now: number): Promise<Token> {
  const token = await findTokenByHash(tx, sha256(text));
  if (!isAlive(token, now)) throw tokenWanted();
  return token;
}

async function tokenOfLink(tx: Db, code: string, now: number): Promise<Token> {
  const link = await takeLink(tx, sha256(code));
  const token = link === undefined || link.expiresAt <= now ? undefined : await findToken(tx, link.token);
  if (!isAlive(token, now)) throw new ModelyardError("sign-in-link-used");
  return token;
}

const isAlive = (token: Token | undefined, now: number): token is Token =>
  token !== undefined && token.revokedAt === null && (token.expiresAt ?? Number.POSITIVE_INFINITY) > now;

/** Whose session this is. It ends with the token it was opened with, and otherwise lives on while it is used. Error: unauthenticated. */
export async function authenticateSession({ db, clock }: AccessPorts, secret: string): Promise<Actor> {
  const now = clock.now();
  const hash = sha256(secret);
  const session = await findSession(db, hash);
  if (session === undefined || session.expiresAt <= now || !isAlive(session.token, now)) throw tokenWanted();
  const { id, name, role, expiresAt: tokenEnds } = session.token;
  const until = Math.min(now + idleMs, session.createdAt + longestMs);
  const isDue = until - session.expiresAt >= prolongedByMs;
  if (isDue) await prolongSession(db, hash, until);
  const expiresAt = Math.min(isDue ? until : session.expiresAt, tokenEnds ?? Number.POSITIVE_INFINITY);
  return { id, name, role, kind: "session", expiresAt };
}

/** Ends a session; nothing happens when there is none. */
export const endSession = ({ db }: Pick<AccessPorts, "db">, secret: string): Promise<void> =>
  deleteSession(db, sha256(secret));
