import { randomBytes, randomFillSync } from "node:crypto";

/** Random digits for the next 256 ids: asking for those of one at a time costs a request as much as reading its JSON. */
const pool = Buffer.alloc(10 * 256);
let digits = "";
let used = 0;

/** The first 48 bits of the ids of one millisecond. */
let time = { at: -1, text: "" };

/**
 * A time-ordered unique id (UUID version 7, RFC 9562 §5.7).
 * `at` is milliseconds since the epoch.
 */
export function uuid7(at: number = Date.now()): string {
  if (used === digits.length) {
    digits = randomFillSync(pool).toString("hex");
    used = 0;
  }
  if (time.at !== at) {
    const hex = at.toString(16).padStart(12, "0");
    time = { at, text: `${hex.slice(0, 8)}-${hex.slice(8)}-7` };
  }
  const start = used;
  used += 20;
  // two of the 80 bits are given: the variant
  const variant = "89ab".charAt(Number.parseInt(digits.charAt(start + 3), 16) & 3);
  const random = (from: number, to: number) => digits.slice(start + from, start + to);
  return `${time.text}${random(0, 3)}-${variant}${random(4, 7)}-${random(8, 20)}`;
}

/** A secret of 256 random bits, URL-safe, with a prefix that tells a secret scanner what it found. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** 128 random bits for one answer, as a policy names the styles it allows (https://www.w3.org/TR/CSP3/#security-nonces). */
export const newNonce = (): string => randomBytes(16).toString("base64url");
