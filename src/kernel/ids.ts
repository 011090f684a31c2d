import { randomBytes, randomFillSync } from "node:crypto";

/** Random bytes for the next 256 ids: asking for 16 at a time costs a request as much as reading its JSON. */
const pool = Buffer.alloc(16 * 256);
let used = pool.length;

/**
 * A time-ordered unique id (UUID version 7, RFC 9562 §5.7).
 * `at` is milliseconds since the epoch.
 */
export function uuid7(at: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + 16);
  used += 16;
  bytes.writeUIntBE(at, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A secret of 256 random bits, URL-safe, with a prefix that tells a secret scanner what it found. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** 128 random bits for one answer, as a policy names the styles it allows (https://www.w3.org/TR/CSP3/#security-nonces). */
export const newNonce = (): string => randomBytes(16).toString("base64url");
