/** A value of an answer as JSON writes it. Real numbers are told from integers by their point or exponent, as clients see them. */
export type Token = { kind: "whole" | "word"; text: string } | { kind: "real"; value: number };
export type Tokens = Token | readonly Tokens[];

const pieces = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|\[|\]/g;

/** An answer of nested lists, its values as tokens. SyntaxError when it is none. */
export function tokensOf(answer: string): Tokens {
  const levels: Tokens[][] = [[]];
  for (const [text] of answer.matchAll(pieces)) {
    if (text === "[") levels.push([]);
    else if (text === "]") {
      const inner = levels.pop();
      levels.at(-1)?.push(inner ?? []);
    } else levels.at(-1)?.push(tokenOf(text));
  }
  const [[whole, ...others] = [], ...open] = levels;
  if (whole === undefined || others.length > 0 || open.length > 0) throw new SyntaxError("the answer is no list");
  return whole;
}

function tokenOf(text: string): Token {
  if (text.startsWith('"')) return { kind: "word", text: JSON.stringify(JSON.parse(text)) };
  if (/^-?\d+$/.test(text)) return { kind: "whole", text };
  return /^[-\d]/.test(text) ? { kind: "real", value: Number(text) } : { kind: "word", text };
}

/**
 * How far two answers are apart: the largest difference of two real numbers, absolute below 1 and relative above; infinite when
 * anything else differs, a label, a type or a shape.
 */
export function distance(one: Tokens, other: Tokens): number {
  if (Array.isArray(one) !== Array.isArray(other)) return Number.POSITIVE_INFINITY;
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return Number.POSITIVE_INFINITY;
    return one.reduce((most: number, token, at) => Math.max(most, distance(token, other[at] as Tokens)), 0);
  }
  const [a, b] = [one as Token, other as Token];
  if (a.kind === "real" && b.kind === "real") return Math.abs(a.value - b.value) / Math.max(1, Math.abs(a.value));
  return a.kind !== "real" && b.kind !== "real" && a.kind === b.kind && a.text === b.text
    ? 0
    : Number.POSITIVE_INFINITY;
}

/** Tokens as JSON again. */
export function textOf(tokens: Tokens): string {
  if (Array.isArray(tokens)) return `[${tokens.map(textOf).join(",")}]`;
  const token = tokens as Token;
  return token.kind === "real" ? String(token.value) : token.text;
}
