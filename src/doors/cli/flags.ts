import { InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import { type FieldKind, fieldOf } from "../../contract/field.ts";

/** A flag made from one member of an operation's input. */
export interface Flag {
  /** Name of the member. */
  member: string;
  option: Option;
  /** Turns what commander gathered into what the input takes. */
  read(value: unknown): unknown;
}

/** `timeoutMs` is `timeout-ms`; what may be repeated is named for one of its items: `tags` is `tag`. */
function flagName(member: string, kind: FieldKind): string {
  const kebab = member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const repeated = kind === "list" || kind === "pairs";
  return !repeated ? kebab : kebab.replace(/ies$/, "y").replace(/s$/, "");
}

/** The flag of one member of an input. */
export function flagOf(member: string, schema: z.ZodType): Flag {
  const { kind, choices, fallback, required, description } = fieldOf(schema);
  const name = flagName(member, kind);
  const isEmpty = fallback !== null && typeof fallback === "object" && Object.keys(fallback).length === 0;
  const shown = fallback === undefined || fallback === false || isEmpty ? "" : ` (default: ${String(fallback)})`;
  // what may be true, false or not said takes the word behind it
  const isEither = kind === "boolean" && fallback === undefined && !required;
  const words = isEither ? " [true|false]" : placeholder(kind, choices);
  const option = new Option(`--${name}${words}`, `${description}${shown}`);
  if (isEither) option.argParser((value) => oneOf(value, ["true", "false"]) === "true");
  if (kind === "choice") option.argParser((value) => oneOf(value, choices));
  if (kind === "list") option.argParser(appendItem).default(undefined);
  if (kind === "pairs") option.argParser(addPair);
  if (required && kind !== "boolean") option.makeOptionMandatory();
  return { member, option, read: kind === "number" ? readNumber : (value) => value };
}

function placeholder(kind: FieldKind, choices: readonly string[]): string {
  if (kind === "boolean") return "";
  if (kind === "choice") return ` <${choices.join("|")}>`;
  return { text: " <text>", number: " <n>", list: " <text>", pairs: " <key=value>" }[kind];
}

function oneOf(value: string, choices: readonly string[]): string {
  if (!choices.includes(value)) throw new InvalidArgumentError(`It is one of: ${choices.join(", ")}.`);
  return value;
}

const appendItem = (value: string, before: unknown): string[] => [...((before as string[] | undefined) ?? []), value];

/** A key may hold the sign itself, written `\=`: a column of a one-hot encoding is called city=Bern. */
function addPair(value: string, before: unknown): Record<string, string> {
  const [, key = "", text] = /^((?:\\=|[^=\\]|\\(?!=))+)=(.*)$/s.exec(value) ?? [];
  if (text === undefined) throw new InvalidArgumentError("It is key=value.");
  return { ...(before as Record<string, string> | undefined), [key.replaceAll("\\=", "=")]: text };
}

/** A number when it is one; else the text, so that the input's own check names it. */
const readNumber = (value: unknown): unknown =>
  typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
