import { createHmac } from "node:crypto";
import type { FieldRule } from "../../contract/record-rules.ts";
import type { Value } from "../table.ts";

/** How the values of a column are written. Missing values stay missing. */
export type Redact = (value: Value) => Value;

/** Hexadecimal digits kept of an HMAC: 128 bits, of which no two values will have the same. */
const hmacDigits = 32;

/** What a rule makes of a value. `key` is null when it is not there; then a rule of the kind hmac has no function. */
export function redactBy(rule: FieldRule, key: Buffer | null): Redact | undefined {
  switch (rule.kind) {
    case "keep":
      return (value) => value;
    case "drop":
      return () => null;
    case "mask":
      return (value) => (value === null ? null : masked(String(value), rule.last));
    case "bucket":
      return (value) => (isMissing(value) ? value : lowerEnd(numberOf(value), rule));
    case "hmac":
      return key === null ? undefined : (value) => (isMissing(value) ? null : hmacOf(String(value), key));
  }
}

const isMissing = (value: Value): boolean => value === null || Number.isNaN(value);

/** The text 12 and the number 12 are the same: what CSV says as one, JSON may say as the other. */
const hmacOf = (text: string, key: Buffer): string =>
  createHmac("sha256", key).update(text, "utf8").digest("hex").slice(0, hmacDigits);

/** Always as many stars, so that the length is not told; a text that is no longer than what is kept gives nothing of itself. */
function masked(text: string, last: number): string {
  const letters = [...text];
  return last === 0 || letters.length <= last ? "****" : `****${letters.slice(-last).join("")}`;
}

function numberOf(value: Value): number | null {
  if (typeof value === "number") return value;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? null : number;
}

/** The first range takes what is below it as well, the last what is above. Null for what is no number. */
function lowerEnd(value: number | null, rule: FieldRule & { kind: "bucket" }): number | null {
  if (value === null) return null;
  if ("edges" in rule) return rule.edges.findLast((edge) => edge <= value) ?? (rule.edges[0] as number);
  const end = Math.floor(value / rule.width) * rule.width;
  if (!Number.isFinite(value)) return value;
  // the quotient may have been rounded up to the next range
  return end > value ? end - rule.width : end + 0;
}
