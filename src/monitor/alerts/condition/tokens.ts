/** A part of a condition; `at` is where it begins, in characters of the text. */
export type Token = { at: number; text: string } & (
  | { kind: "word" | "sign" | "quoted" | "end" }
  | { kind: "number"; number: number; suffix: string }
);

const patterns = [
  { kind: "number", pattern: /(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(%|\/[a-z]+|[a-z]+)?/iy },
  { kind: "word", pattern: /[\p{L}_][\p{L}\p{N}_.:-]*/uy },
  { kind: "sign", pattern: />=|<=|[<>()]/y },
  { kind: "quoted", pattern: /"((?:[^"\\]|\\.)*)"/y },
] as const;

/** The parts of a condition, the last of them its end. `fail` throws for a place that none begins at. */
export function tokensOf(text: string, fail: (at: number, reason: string) => never): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    while (/\s/.test(text[at] ?? "")) at += 1;
    if (at >= text.length) return [...tokens, { kind: "end", at: text.length, text: "" }];
    const token = tokenAt(text, at);
    if (token === undefined)
      return fail(at, text[at] === '"' ? 'the closing " is missing' : `${text[at]} means nothing here`);
    tokens.push(token.token);
    at = token.end;
  }
}

function tokenAt(text: string, at: number): { token: Token; end: number } | undefined {
  for (const { kind, pattern } of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const end = pattern.lastIndex;
    if (kind === "quoted") return { token: { kind, at, text: (match[1] ?? "").replace(/\\(.)/gs, "$1") }, end };
    if (kind !== "number") return { token: { kind, at, text: match[0] }, end };
    const [, digits = "", suffix = ""] = match;
    return { token: { kind, at, text: match[0], number: Number(digits), suffix: suffix.toLowerCase() }, end };
  }
  return undefined;
}
