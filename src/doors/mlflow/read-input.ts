import type { z } from "zod";
import { unfitJson } from "../../kernel/unfit-json.ts";
import { invalidParameter, MlflowError } from "./errors.ts";

const help = "See the API docs for more information about request parameters.";

/** The members of a JSON body. Like MLflow, text that is no JSON counts as an empty object. */
export function readBody(body: unknown, contentType: string | undefined, isOptional: boolean): Record<string, unknown> {
  const given = typeof body === "string" ? body : "";
  if (given === "" && isOptional) return {};
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? ""))
    throw new MlflowError(400, "BAD_REQUEST", "Bad Request. Content-Type header is missing or not 'application/json'");
  const value = parsed(given);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new MlflowError(400, "BAD_REQUEST", "Bad Request. The body is not a JSON object");
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Protobuf's JSON: `runId` means `run_id`, and null means unset. */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [snake(name), normalised(member)]));
}

/** The members of a request as a schema wants them; refuses what does not fit in MLflow's words. */
export function readInput<Schema extends z.ZodObject>(
  schema: Schema,
  members: Record<string, unknown>,
): z.output<Schema> {
  const unfit = unfitJson(members);
  if (unfit !== undefined) throw invalidParameter(`Invalid value supplied: ${unfit}. ${help}`);
  const given = normalised(members);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const name = path
    .map((part, place) => (typeof part === "number" ? `[${part}]` : `${place === 0 ? "" : "."}${String(part)}`))
    .join("");
  const value = path.reduce<unknown>(
    (holder, part) => (holder as Record<PropertyKey, unknown> | undefined)?.[part],
    given,
  );
  if (value === undefined || value === "")
    throw invalidParameter(`Missing value for required parameter '${name}'. ${help}`);
  throw invalidParameter(
    `Invalid value ${shown(value)} for parameter '${name}' supplied: ${issue?.message.replace(/\.$/, "")}. ${help}`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
