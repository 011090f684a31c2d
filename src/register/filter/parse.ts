import { sinceMs } from "../../kernel/time-spans.ts";
import type { Attribute, Comparison, Filter, FilterKey, Grammar, Literal, Operator } from "./grammar.ts";
import { refuse, type Token, tokensOf } from "./tokens.ts";

/** Parentheses and NOTs inside each other; far above what a person writes, far below the end of the stack. */
const maxDepth = 100;

interface Reader {
  filter: string;
  grammar: Grammar;
  now: number;
  tokens: Token[];
  next: number;
  depth: number;
}

/** Reads a filter; undefined for an empty one. Throws invalid-input that names the place. `now` is epoch ms, for spans. */
export function parseFilter(filter: string, grammar: Grammar, now: number): Filter | undefined {
  const tokens = tokensOf(filter, { doubled: !grammar.strict });
  if (tokens.length === 0) return undefined;
  const reader: Reader = { filter, grammar, now, tokens, next: 0, depth: 0 };
  const found = grammar.strict ? readAll(reader) : readAny(reader);
  const rest = tokens[reader.next];
  if (rest !== undefined) refuse(filter, rest.at, `${rest.text} is not expected here`);
  return found;
}

const isWord = (token: Token | undefined, word: string) => token?.kind === "word" && token.text.toUpperCase() === word;

function takeWord(reader: Reader, word: string): boolean {
  if (!isWord(reader.tokens[reader.next], word)) return false;
  reader.next += 1;
  return true;
}

function takeSign(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.next];
  if (token?.kind !== "sign" || token.text !== sign) return false;
  reader.next += 1;
  return true;
}

function fail(reader: Reader, reason: string): never {
  return refuse(reader.filter, reader.tokens[reader.next]?.at ?? reader.filter.length, reason);
}

function readAny(reader: Reader): Filter {
  const parts = [readAll(reader)];
  while (takeWord(reader, "OR")) parts.push(readAll(reader));
  return parts.length === 1 ? (parts[0] as Filter) : { kind: "any", parts };
}

function readAll(reader: Reader): Filter {
  const parts = [readOne(reader)];
  while (takeWord(reader, "AND")) parts.push(readOne(reader));
  return parts.length === 1 ? (parts[0] as Filter) : { kind: "all", parts };
}

function readOne(reader: Reader): Filter {
  if (reader.grammar.strict) return readComparison(reader);
  if (takeWord(reader, "NOT")) return nested(reader, () => ({ kind: "not", part: readOne(reader) }));
  if (!takeSign(reader, "(")) return readComparison(reader);
  const inner = nested(reader, () => readAny(reader));
  if (!takeSign(reader, ")")) fail(reader, "a ) is missing");
  return inner;
}

function nested(reader: Reader, read: () => Filter): Filter {
  reader.depth += 1;
  if (reader.depth > maxDepth) fail(reader, `more than ${maxDepth} parts stand inside each other`);
  const found = read();
  reader.depth -= 1;
  return found;
}

function readComparison(reader: Reader): Comparison {
  const start = reader.next;
  const key = readKey(reader);
  const operator = readOperator(reader);
  const attribute = attributeOf(reader, key, start);
  const { operators } = attribute;
  if (!operators.includes(operator)) {
    reader.next = start;
    fail(reader, `${nameOf(key)} takes ${operators.join(", ")} and not ${operator}`);
  }
  const list = operator === "IN" || operator === "NOT IN" ? readList(reader) : [readLiteral(reader)];
  const values = list.map((literal) => literalOf(reader, attribute, literal, nameOf(key)));
  return { kind: "compare", key, operator, values };
}

const prefixOf = { tag: "tags", property: "properties", metric: "metrics" } as const;

const nameOf = (key: FilterKey): string => (key.kind === "attribute" ? key.name : `${prefixOf[key.kind]}.${key.name}`);

function readKey(reader: Reader): FilterKey {
  const first = reader.tokens[reader.next];
  if (first?.kind !== "word") fail(reader, "a name such as name or tags.key is expected");
  reader.next += 1;
  if (!takeSign(reader, ".")) return { kind: "attribute", name: first.text };
  const kind = Object.hasOwn(reader.grammar.prefixes, first.text) ? reader.grammar.prefixes[first.text] : undefined;
  if (kind === undefined) {
    reader.next -= 2;
    fail(reader, `${first.text}. is not one of ${Object.keys(reader.grammar.prefixes).join(". ")}.`);
  }
  return { kind, name: readDotted(reader) };
}

/** A key after its prefix; unquoted it may have dots and colons of its own. */
function readDotted(reader: Reader): string {
  let name = "";
  for (;;) {
    const token = reader.tokens[reader.next];
    if (token === undefined || token.kind === "sign") fail(reader, "a key is expected");
    name += token.text;
    reader.next += 1;
    if (!takeSign(reader, ".")) return name;
    name += ".";
  }
}

const signs = ["=", "!=", "<", "<=", ">", ">=", "~"] as const;

function readOperator(reader: Reader): Operator {
  for (const sign of signs) if (takeSign(reader, sign)) return sign;
  if (takeSign(reader, "<>")) return "!=";
  if (takeWord(reader, "LIKE")) return "LIKE";
  if (takeWord(reader, "ILIKE")) return "ILIKE";
  if (takeWord(reader, "IN")) return "IN";
  if (takeWord(reader, "NOT")) {
    if (takeWord(reader, "IN")) return "NOT IN";
    fail(reader, "IN is expected after NOT");
  }
  return fail(reader, `one of ${signs.join(" ")} LIKE ILIKE IN NOT IN is expected`);
}

function attributeOf(reader: Reader, key: FilterKey, start: number): Attribute {
  const { attributes, tagOperators } = reader.grammar;
  if (key.kind === "metric") return { type: "number", operators: ["=", "!=", "<", "<=", ">", ">="] };
  if (key.kind !== "attribute") return { type: "text", operators: tagOperators };
  const attribute = Object.hasOwn(attributes, key.name) ? attributes[key.name] : undefined;
  if (attribute !== undefined) return attribute;
  reader.next = start;
  return fail(reader, `${key.name} is not one of ${Object.keys(attributes).join(", ")}, or tags.key`);
}

function readList(reader: Reader): Token[] {
  if (!takeSign(reader, "(")) fail(reader, "a list in parentheses is expected");
  const list = [readLiteral(reader)];
  while (takeSign(reader, ",")) list.push(readLiteral(reader));
  if (!takeSign(reader, ")")) fail(reader, "the list is not closed with )");
  return list;
}

function readLiteral(reader: Reader): Token {
  const token = reader.tokens[reader.next];
  const isBoolean = !reader.grammar.strict && (isWord(token, "TRUE") || isWord(token, "FALSE"));
  if (token === undefined || (token.kind !== "string" && token.kind !== "number" && !isBoolean))
    fail(reader, "a value in quotes or a number is expected");
  reader.next += 1;
  return token;
}

function literalOf(reader: Reader, { type, values }: Attribute, token: Token, key: string): Literal {
  const { text, kind, at } = token;
  const wrong = (what: string) => refuse(reader.filter, at, `${key} is compared with ${what}`);
  if (values !== undefined)
    return values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? wrong(`one of ${values.join(", ")}`);
  if (type === "text") return kind === "string" ? text : wrong("text in quotes");
  if (type === "boolean") return /^(true|false)$/i.test(text) ? text.toLowerCase() : wrong("'true' or 'false'");
  if (type === "number") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : wrong("a number");
  const moment = kind === "number" ? Number(text) : sinceMs(text, reader.now);
  return Number.isFinite(moment) ? moment : wrong("a time: ISO, milliseconds, or a span back from now such as '30d'");
}
