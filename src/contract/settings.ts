import { z } from "zod";
import { whole } from "./numbers.ts";
import { alsoRuleForms, fieldRuleForms, readAlsoRule, readFieldRule } from "./record-rules.ts";

const alsoRuleText = z
  .string()
  .max(300)
  .refine((text) => readAlsoRule(text) !== undefined, `is ${alsoRuleForms}`);
const fieldRuleText = z
  .string()
  .max(20_000)
  .refine((text) => readFieldRule(text) !== undefined, `is ${fieldRuleForms}`);
const columnNameSchema = z.string().min(1).max(1000);

/** `sample:0.30` is `sample:0.3`: the same share written otherwise is no change. */
const withoutLastZeros = (record: string): string => record.replace(/\.0+$|(\.\d*[1-9])0+$/, "$1");

/** Variables by their names. zod would call a wrong name an "Invalid key in record". */
export const variablesOf = <T extends z.ZodType>(value: T) =>
  z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), value, {
    error: ({ code }) =>
      code === "invalid_key"
        ? "is no name of a variable: letters, digits and _, the first of them no digit"
        : undefined,
  });

/** What a service can be told beside its image. Every setting has a default that `service show` prints. */
export const settings = {
  target: z.enum(["process"]).default("process").describe("Where it runs"),
  env: variablesOf(z.string()).default({}).describe("Variables for the worker, key=value"),
  timeoutMs: whole(1, 3_600_000).default(60_000).describe("Milliseconds one request may take"),
  replicas: whole(1, 64).default(1).describe("Workers"),
  memoryMb: whole(0, 10_000_000).default(0).describe("Megabytes of memory a worker may use; 0: no limit"),
  auth: z.enum(["key", "none"]).default("key").describe("key: every request needs one of the two keys; none: open"),
  maxBodyBytes: whole(1, 1_000_000_000).default(100_000_000).describe("Bytes a request body may have"),
  maxConcurrentRequests: whole(1, 1024)
    .default(1024)
    .describe("Requests that may be waiting or in work at a time; the next one is refused with 503"),
  maxQueueWaitMs: whole(1, 3_600_000)
    .default(3_600_000)
    .describe(
      "Milliseconds a request may wait for a worker; then it is refused with 503. No limit of its own from timeoutMs on",
    ),
  record: z
    .string()
    .regex(/^(all|off|sample:(0(\.\d+)?|1(\.0+)?))$/, "is all, off or sample:0.1")
    .overwrite(withoutLastZeros)
    .default("all")
    .describe("Which requests are kept with body and answer: all, off, sample:0.1"),
  recordDays: whole(1, 36_500).default(30).describe("Days records are kept; in files they go by the day"),
  recordMb: whole(0, 100_000_000)
    .default(0)
    .describe("Megabytes of files that records may take; the oldest go first. 0: no limit"),
  recordAlso: z.array(alsoRuleText).max(20).default([]).describe(`Which are kept besides: ${alsoRuleForms}`),
  recordFields: z
    .record(columnNameSchema, fieldRuleText)
    .default({})
    .describe(`How columns are written to records, column=rule: ${fieldRuleForms}`),
  collect: z
    .enum(["on", "off"])
    .default("on")
    .describe("Whether what entry scripts collect (ModelDataCollector, azureml-ai-monitoring) is kept: on, off"),
  corsOrigins: z
    .array(z.string().regex(/^(\*|https?:\/\/[^/\s,]+)$/, "is an origin such as https://shop.example, or *"))
    .max(100)
    .default([])
    .describe("Origins whose web pages may read answers, such as https://shop.example"),
};
export const settingsSchema = z.object(settings);
export type Settings = z.output<typeof settingsSchema>;

/** The same settings, each optional: an update changes only what it is given. */
export const settingsChangeShape = {
  target: settings.target.unwrap().optional().describe("Where it runs"),
  env: settings.env.unwrap().optional().describe("Variables for the worker, key=value; replaces all of them"),
  timeoutMs: settings.timeoutMs.unwrap().optional().describe("Milliseconds one request may take"),
  replicas: settings.replicas.unwrap().optional().describe("Workers"),
  memoryMb: settings.memoryMb.unwrap().optional().describe("Megabytes of memory a worker may use; 0: no limit"),
  auth: settings.auth.unwrap().optional().describe("key: every request needs one of the two keys; none: open"),
  maxBodyBytes: settings.maxBodyBytes.unwrap().optional().describe("Bytes a request body may have"),
  maxConcurrentRequests: settings.maxConcurrentRequests
    .unwrap()
    .optional()
    .describe("Requests that may be waiting or in work at a time; the next one is refused with 503"),
  maxQueueWaitMs: settings.maxQueueWaitMs
    .unwrap()
    .optional()
    .describe(
      "Milliseconds a request may wait for a worker; then it is refused with 503. No limit of its own from timeoutMs on",
    ),
  record: settings.record
    .unwrap()
    .optional()
    .describe("Which requests are kept with body and answer: all, off, sample:0.1"),
  recordDays: settings.recordDays.unwrap().optional().describe("Days records are kept; in files they go by the day"),
  recordMb: settings.recordMb
    .unwrap()
    .optional()
    .describe("Megabytes of files that records may take; the oldest go first. 0: no limit"),
  recordAlso: settings.recordAlso
    .unwrap()
    .optional()
    .describe(`Which are kept besides: ${alsoRuleForms}; replaces all of them`),
  recordFields: settings.recordFields
    .unwrap()
    .optional()
    .describe(`How columns are written to records, column=rule: ${fieldRuleForms}; replaces all of them`),
  collect: settings.collect.unwrap().optional().describe("Whether what entry scripts collect is kept: on, off"),
  corsOrigins: settings.corsOrigins
    .unwrap()
    .optional()
    .describe("Origins whose web pages may read answers, such as https://shop.example; replaces all of them"),
};
