/** How the values of one column are written to disk; null (missing) stays null under every rule. */
export type FieldRule =
  | { kind: "keep" }
  /** null in place of each value. */
  | { kind: "drop" }
  /** A text that is the same for the same value, under a key of the workspace: columns can still be joined by it. */
  | { kind: "hmac" }
  /** `****` and the last characters. */
  | { kind: "mask"; last: number }
  /** The lower end of the range that a number lies in; what is no number becomes null. */
  | { kind: "bucket"; width: number }
  | { kind: "bucket"; edges: number[] };

/** What is kept besides the sample: answers with status 400 and above, or those whose confidence is below a number. */
export type AlsoRule =
  | { kind: "errors" }
  /** `column` null: the largest score of a row. One row below is enough. */
  | { kind: "low-confidence"; below: number; column: string | null };

export const fieldRuleForms = "keep, drop, hmac, mask:4 (keep the last 4), bucket:10 (ranges of 10) or bucket:0,18,65";
export const alsoRuleForms = "errors, low-confidence:0.6 (largest score below 0.6) or low-confidence:0.6:column";

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const mostEdges = 1000;

/** A rule for a column from its text; undefined when it is none. */
export function readFieldRule(text: string): FieldRule | undefined {
  const [kind, argument, ...more] = text.split(":");
  if (more.length > 0) return undefined;
  switch (kind) {
    case "keep":
    case "drop":
    case "hmac":
      return argument === undefined ? { kind } : undefined;
    case "mask":
      return /^\d{1,4}$/.test(argument ?? "") ? { kind, last: Number(argument) } : undefined;
    case "bucket":
      return readBucket(argument ?? "");
    default:
      return undefined;
  }
}

/** One number is a width, several are the edges of ranges, in growing order. */
function readBucket(text: string): FieldRule | undefined {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length > mostEdges || !parts.every((part) => number.test(part))) return undefined;
  const numbers = parts.map(Number);
  if (!numbers.every(Number.isFinite)) return undefined;
  const [width] = numbers as [number];
  if (numbers.length === 1) return width > 0 ? { kind: "bucket", width } : undefined;
  const grows = numbers.every((edge, index) => index === 0 || edge > (numbers[index - 1] as number));
  return grows ? { kind: "bucket", edges: numbers } : undefined;
}

/** What is kept besides the sample, from its text; undefined when it is no such rule. The name of a column may hold colons. */
export function readAlsoRule(text: string): AlsoRule | undefined {
  if (text === "errors") return { kind: "errors" };
  const [, below = "", column] = /^low-confidence:([^:]+)(?::(.+))?$/s.exec(text) ?? [];
  if (!number.test(below) || !Number.isFinite(Number(below))) return undefined;
  return { kind: "low-confidence", below: Number(below), column: column ?? null };
}
