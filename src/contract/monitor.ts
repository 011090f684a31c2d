import { z } from "zod";
import { whole } from "./numbers.ts";
import {
  defineOperation,
  modelNameSchema,
  pageInput,
  pageOf,
  queryBoolean,
  sinceSchema,
  timeSchema,
  versionNumberSchema,
} from "./operation.ts";
import { recordFilter } from "./records.ts";

const usagePointShape = {
  requests: z.number().int(),
  rows: z.number().int().describe("Rows of the requests that were answered"),
  errors: z.number().int().describe("Answers with status 400 and above"),
  p50Ms: z.number().nullable().describe("Within 1 % of the true quantile"),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
};
export const usagePointSchema = z.object({ at: timeSchema.describe("When it begins"), ...usagePointShape });
export type UsagePoint = z.output<typeof usagePointSchema>;

export const usageTotalsShape = {
  ...usagePointShape,
  errorKinds: z
    .record(z.string(), z.number().int())
    .describe("The errors by status with the code of the error, such as `400 rows-invalid`, or the status alone"),
  bytesIn: z.number().int().describe("Bytes of the request bodies"),
  bytesOut: z.number().int().describe("Bytes of the answers"),
  firstUsedAt: timeSchema,
  lastUsedAt: timeSchema,
};

export const exampleTotals = {
  requests: 1797,
  rows: 1795,
  errors: 2,
  p50Ms: 1.4,
  p95Ms: 2.2,
  p99Ms: 4.8,
  errorKinds: { "400 rows-invalid": 2 },
  bytesIn: 330648,
  bytesOut: 5391,
  firstUsedAt: 1764000000000,
  lastUsedAt: 1764000900000,
};

export const usageSteps = ["5m", "1h", "1d"] as const;

export const summariseUsage = defineOperation({
  id: "summarise-usage",
  step: "monitor",
  summary: "Requests, rows, errors, latency, bytes and last use, by service, revision, model version or caller",
  method: "GET",
  path: "/usage",
  role: "reader",
  input: z.object({
    by: z
      .enum(["service", "revision", "model", "caller"])
      .default("service")
      .describe("service, revision, model (each version) or caller (of each service)"),
    service: recordFilter.service,
    model: recordFilter.model,
    since: sinceSchema.optional(),
    every: z
      .enum(usageSteps)
      .optional()
      .describe("Also as a series of such steps; since then without a time: 24h, 7d, 90d"),
  }),
  output: z.object({
    items: z.array(
      z.object({
        service: z.string().nullable(),
        revision: z.number().int().nullable(),
        model: z.string().nullable().describe("name:version"),
        caller: z
          .string()
          .nullable()
          .describe(
            "`key:primary`, `key:secondary`, `token:` and the beginning of its SHA-256, `server` (through it); empty where no key is needed",
          ),
        ...usageTotalsShape,
        series: z.array(usagePointSchema).optional().describe("Without gaps, oldest first; days are those of UTC"),
      }),
    ),
    nextPageToken: z.null(),
    dropped: z
      .record(z.string(), z.number().int())
      .describe("Records that were not kept, of all services since the home was made, by reason"),
  }),
  errors: ["model-not-found", "alias-not-found", "service-not-found"],
  cli: { noun: "usage", verb: "show" },
  example: {
    input: { by: "model" },
    output: {
      items: [{ service: null, revision: null, model: "digits:1", caller: null, ...exampleTotals }],
      nextPageToken: null,
      dropped: {},
    },
  },
});

export const whoUsesModel = defineOperation({
  id: "who-uses-model",
  step: "monitor",
  summary: "Show who uses a model: services, revisions, callers, requests and last use",
  method: "GET",
  path: "/models/{name}/usage",
  role: "reader",
  input: z.object({
    name: modelNameSchema,
    version: versionNumberSchema.optional().describe("Only this version"),
    alias: z.string().max(255).optional().describe("Only the version this alias means now"),
    since: sinceSchema.optional(),
  }),
  output: z.object({
    items: z.array(
      z.object({
        model: z.string().describe("name:version"),
        service: z.string(),
        revision: z.number().int(),
        caller: z.string().nullable().describe("null: the service answers with it, and nobody has asked"),
        serving: z.boolean().describe("Whether the service answers with this version now"),
        requests: z.number().int(),
        rows: z.number().int(),
        errors: z.number().int(),
        firstUsedAt: timeSchema.nullable(),
        lastUsedAt: timeSchema.nullable(),
      }),
    ),
    nextPageToken: z.null(),
  }),
  errors: ["model-not-found", "alias-not-found"],
  cli: { noun: "usage", verb: "who", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: {
      items: [
        {
          ...{ model: "digits:1", service: "digits", revision: 1, caller: "primary", serving: true },
          ...{ requests: 1797, rows: 1795, errors: 2, firstUsedAt: 1764000000000, lastUsedAt: 1764000900000 },
        },
      ],
      nextPageToken: null,
    },
  },
});

export const listUnusedModels = defineOperation({
  id: "list-unused-models",
  step: "monitor",
  summary: "List registered versions that no request has used for some days",
  method: "GET",
  path: "/usage-unused",
  role: "reader",
  input: z.object({
    days: whole(1, 3650).default(30).describe("Days without a request; younger versions are not listed"),
    deployed: queryBoolean.optional().describe("Only those that a service has, or with false that none has"),
    ...pageInput,
  }),
  output: pageOf(
    z.object({
      model: z.string(),
      version: z.number().int(),
      registeredAt: timeSchema,
      lastUsedAt: timeSchema.nullable().describe("null: never"),
      services: z.array(z.string()).describe("Services that have it, running or stopped"),
    }),
  ),
  cli: { noun: "usage", verb: "unused" },
  example: {
    input: { days: 30 },
    output: {
      items: [
        { model: "digits", version: 1, registeredAt: 1764000000000, lastUsedAt: 1764000900000, services: ["digits"] },
      ],
      nextPageToken: null,
    },
  },
});
