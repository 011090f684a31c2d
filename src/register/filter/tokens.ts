import { ModelyardError } from "../../contract/errors.ts";

export type Token =
  | { kind: "word"; text: string; at: number }
  | { kind: "string"; text: string; at: number }
  | { kind: "number"; text: string; at: number }
  | { kind: "sign"; text: string; at: number };

/** Throws invalid-input with the place, counted from 1. */
export function refuse(filter: string, at: number, reason: string): never {
  const shown = filter.length > 200 ? `${filter.slice(0, 200)}…` : filter;
  throw new ModelyardError("invalid-input", {
    problems: `Invalid clause(s) in filter string: '${shown}', character ${at + 1}: ${reason}`,
  });
}

const patterns = [
  ["number", /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y],
  ["sign", /<=|>=|!=|<>|[=<>~(),.]/y],
  ["word", /[\p{L}_][\p{L}\p{N}_/-]*/uy],
] as const;

/**
 * Cuts a filter into its parts. Text stands in '…' or "…", a key with other than word characters in `…`. `doubled` lets a
 * doubled quote inside text mean the quote; MLflow knows no such escape.
 */
export function tokensOf(filter: string, { doubled }: { doubled: boolean }): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    const character = filter[at] ?? "";
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === "'" || character === '"' || character === "`") {
      const { text, next } = quoted(filter, at, doubled);
      tokens.push({ kind: character === "`" ? "word" : "string", text, at });
      at = next;
    } else {
      const token = plain(filter, at);
      tokens.push(token);
      at += token.text.length;
    }
  }
  return tokens;
}

function quoted(filter: string, start: number, doubled: boolean): { text: string; next: number } {
  const quote = filter[start] ?? "";
  let text = "";
  for (let at = start + 1; at < filter.length; at += 1) {
    if (filter[at] !== quote) text += filter[at];
    else if (doubled && filter[at + 1] === quote) {
      text += quote;
      at += 1;
    } else return { text, next: at + 1 };
  }
  return refuse(filter, start, `the ${quote} is not closed`);
}

function plain(filter: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(filter) ?? [];
    if (text !== undefined) return { kind, text, at };
  }
  return refuse(filter, at, `${filter[at]} is not expected here`);
}
