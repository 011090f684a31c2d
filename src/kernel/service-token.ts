import { createHmac, timingSafeEqual } from "node:crypto";

/** What signs and checks the tokens of one service. */
export interface TokenIssuer {
  name: string;
  tokenSecret: string;
}

/** The clocks of the server that signs and of the host that checks may differ by this much. */
const skewMs = 60_000;

/** Follows from both keys of a service, so a new key ends every token, and there is no third secret to keep. */
export function tokenSecretOf(keys: { primary: string; secondary: string }): string {
  return createHmac("sha256", keys.primary).update(`modelyard service token\n${keys.secondary}`).digest("base64url");
}

/**
 * A token that opens scoring of one service until `expiresAt` (epoch ms, whole seconds): `mt_<seconds in base 36>.<HMAC-SHA256 in base64url>`.
 * The prefix tells a secret scanner what it found.
 */
export function signServiceToken({ name, tokenSecret }: TokenIssuer, expiresAt: number): string {
  const head = `mt_${Math.floor(expiresAt / 1000).toString(36)}`;
  return `${head}.${createHmac("sha256", tokenSecret).update(`${name}\n${head}`).digest("base64url")}`;
}

/** Whether a text is a token of this service and its time is not over. Takes as long for any signature. */
export function opensService(token: string, { name, tokenSecret }: Partial<TokenIssuer>, now = Date.now()): boolean {
  const [, seconds] = /^mt_([0-9a-z]{1,8})\.[\w-]{43}$/.exec(token) ?? [];
  if (seconds === undefined || name === undefined || tokenSecret === undefined) return false;
  const expiresAt = Number.parseInt(seconds, 36) * 1000;
  const given = Buffer.from(token);
  const signed = Buffer.from(signServiceToken({ name, tokenSecret }, expiresAt));
  return given.length === signed.length && timingSafeEqual(given, signed) && now < expiresAt + skewMs;
}
