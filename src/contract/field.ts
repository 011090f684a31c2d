import type { z } from "zod";

export type FieldKind = "text" | "number" | "boolean" | "choice" | "list" | "pairs";

/** One member of an operation's input as somebody fills it in, by a flag or in a form. */
export interface Field {
  kind: FieldKind;
  description: string;
  required: boolean;
  /** What holds when nothing is given. */
  fallback: unknown;
  choices: readonly string[];
  /** Least and greatest number, or length of a text. */
  min: number | undefined;
  max: number | undefined;
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  options?: z.ZodType[];
  entries?: Record<string, string>;
  out?: z.ZodType;
  defaultValue?: unknown;
}

const definitionOf = (schema: z.ZodType): Definition => (schema as unknown as { def: Definition }).def;

/** What a schema says to whoever fills it in. */
export function fieldOf(schema: z.ZodType): Field {
  const { inner, fallback, required } = unwrap(schema);
  const kind = kindOf(inner);
  const limits = inner as { minValue?: unknown; maxValue?: unknown; minLength?: unknown; maxLength?: unknown };
  const [min, max] =
    kind === "number"
      ? [limits.minValue, limits.maxValue]
      : kind === "text"
        ? [limits.minLength, limits.maxLength]
        : [];
  return {
    ...{ kind, fallback, required, description: describe(schema) },
    choices: kind === "choice" ? Object.values(definitionOf(inner).entries ?? {}) : [],
    min: finite(min),
    max: finite(max),
  };
}

const finite = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** The schema under optional and default, what it says when nothing is given, and whether it must be given. */
function unwrap(schema: z.ZodType): { inner: z.ZodType; fallback: unknown; required: boolean } {
  const { type, innerType, defaultValue } = definitionOf(schema);
  if (innerType === undefined || !["optional", "default", "nullable"].includes(type))
    return { inner: schema, fallback: undefined, required: true };
  const below = unwrap(innerType);
  return {
    inner: below.inner,
    fallback: (type === "default" ? defaultValue : undefined) ?? below.fallback,
    required: false,
  };
}

function kindOf(schema: z.ZodType): FieldKind {
  const { type, options, out } = definitionOf(schema);
  if (type === "pipe" && out !== undefined) return kindOf(out);
  if (type === "number") return "number";
  if (type === "boolean" || options?.some((option) => definitionOf(option).type === "boolean")) return "boolean";
  if (type === "enum") return "choice";
  if (type === "record") return "pairs";
  if (type === "array" || options?.some((option) => definitionOf(option).type === "array")) return "list";
  return "text";
}

/** Text of a description, also when it stands under optional or default. */
function describe(schema: z.ZodType): string {
  const { innerType } = definitionOf(schema);
  return schema.description ?? (innerType === undefined ? "" : describe(innerType));
}
