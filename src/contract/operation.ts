import "./schema-words.ts";
import { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import { whole } from "./numbers.ts";
import { type Role, roleIncludes, roles } from "./roles.ts";

export { type Role, roleIncludes, roles };
export const roleSchema = z
  .enum(roles)
  .describe("reader looks, scorer also sends requests, contributor also changes, admin also manages tokens");

export const steps = ["access", "events", "register", "use", "monitor", "update"] as const;
export type Step = (typeof steps)[number];

/**
 * One thing that may be asked. Route, validation, OpenAPI, typed client, CLI command, permission table and reference
 * are made from this entry; the room of the step holds one function of the same name.
 */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> {
  id: string;
  step: Step;
  summary: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Under /api/v1, with `{name}` for members of the input. */
  path: string;
  /** The least role that may ask it. */
  role: Role;
  input: Input;
  output: Output;
  errors: readonly ErrorCode[];
  /** `json`: the input's other members. `bytes`: the raw body is streamed to the handler. */
  body: "none" | "json" | "bytes";
  /**
   * `json`, `bytes` (a stream with its own type), `events` (server-sent events without end) or `progress`: JSON, or NDJSON progress events
   * when the client accepts them.
   */
  answer: "json" | "bytes" | "events" | "progress";
  cli: { noun: string; verb: string; arguments?: readonly string[] };
  example: { input: z.input<Input>; output: z.input<Output> };
}

export function defineOperation<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Partial<Pick<Operation, "body" | "answer" | "errors">> &
    Omit<Operation<Input, Output>, "body" | "answer" | "errors">,
): Operation<Input, Output> {
  return {
    body: operation.method === "GET" || operation.method === "DELETE" ? "none" : "json",
    answer: "json",
    errors: [],
    ...operation,
  };
}

/** A part of a file in bytes, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A stream of bytes as an operation answers it. */
export interface BytesAnswer {
  contentType: string;
  fileName: string;
  /** Bytes, when known. */
  size?: number;
  body: AsyncIterable<Uint8Array>;
  /** A file that is kept: it can also be had in parts. */
  kept?: { digest: string; read(range: ByteRange): AsyncIterable<Uint8Array> };
}

/** An event of long work, told while it runs; the same objects are the lines of NDJSON. */
export type Progress = { event: "step"; step: string; message: string } | { event: "log"; line: string };

// Shapes that several steps share.

export const modelNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/:@\p{Cc}]+$/u, "may not contain / : @ or control characters")
  .refine((name) => name !== "." && name !== "..", "may not be . or ..")
  .describe("Name of the model");

export const versionNumberSchema = whole(1).describe("Version, counted from 1");

export const modelReferenceSchema = z
  .string()
  .min(1)
  .regex(/^[^/:@\p{Cc}]+(:[1-9]\d*|@[\w-]{1,255})?$/u, "is a name, name:version or name@alias")
  .describe("`name` (its highest version), `name:version` or `name@alias`");

export const serviceNameSchema = z
  .string()
  .min(3)
  .max(32)
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "starts with a letter, has lower-case letters, digits and -, and ends with a letter or digit",
  )
  .describe("Name of the service");

export const digestSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "is a SHA-256 in 64 hexadecimal digits")
  .describe("SHA-256, hexadecimal");

export const timeSchema = z.number().int().describe("Milliseconds since 1970-01-01 UTC");

/** A boolean that may also stand in a query. */
export const queryBoolean = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const pageInput = {
  pageSize: whole(1, 1000).default(100).describe("Items a page"),
  pageToken: z.string().optional().describe("nextPageToken of the page before"),
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextPageToken: z.string().nullable().describe("Pass it as pageToken for the next page; null at the end"),
    total: z.number().int().optional(),
  });
}

export const sinceSchema = z
  .string()
  .regex(/^(\d{1,9}[smhd]|\d{4}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:?\d\d)?)?)$/, {
    error: "is an ISO time or a span such as 15m, 2h, 7d",
    abort: true,
  })
  .refine(isMoment, "is no day and time that there is")
  .describe("ISO time, or a span back from now: 15m, 2h, 7d");

/** Whether the calendar has it: a parser of dates alone takes the 30th of February for a day in March. */
function isMoment(text: string): boolean {
  if (/^\d+[smhd]$/.test(text)) return true;
  const day = Date.parse(text.slice(0, 10));
  return !Number.isNaN(Date.parse(text)) && new Date(day).toISOString().startsWith(text.slice(0, 10));
}

export const keyValueSchema = z.record(z.string().min(1).max(250), z.string().max(5000));

/** A file as it travels: its place inside the model or the source folder, and the digest of the uploaded bytes. */
export const fileSchema = z.object({
  path: z.string().min(1).max(1000).describe("Relative path with / between folders"),
  digest: digestSchema,
  size: z.number().int().min(0).describe("Bytes"),
});
export type FileEntry = z.output<typeof fileSchema>;
