import { z } from "zod";
import { spokenLanguages } from "./host.ts";
import { buildImage, exampleDigest, imageInput } from "./image.ts";
import { whole } from "./numbers.ts";
import {
  defineOperation,
  digestSchema,
  modelReferenceSchema,
  pageInput,
  pageOf,
  serviceNameSchema,
  timeSchema,
} from "./operation.ts";
import { settings, settingsSchema } from "./settings.ts";

/** Where the image of a revision comes from: one that stands, or the parts of a new one. */
export const imageSource = {
  image: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/, "is a digest or at least its first 8 digits")
    .optional()
    .describe("Digest of an image that stands"),
  models: imageInput.models.unwrap().min(1).optional(),
  script: imageInput.script,
  requirements: imageInput.requirements,
  conda: imageInput.conda,
  python: imageInput.python,
  sample: imageInput.sample,
  accelerate: imageInput.accelerate,
  upstream: imageInput.upstream,
};

const replicaSchema = z.object({
  state: z.enum(["starting", "ready", "backoff", "failed", "stopping"]),
  pid: z.number().int().nullable(),
  restarts: z.number().int(),
  reason: z.string().nullable(),
});

export const serviceSchema = z.object({
  name: serviceNameSchema,
  state: z
    .enum(["starting", "ready", "degraded", "failed", "stopped", "unknown"])
    .describe("What the host says of the revision with traffic; unknown while the host does not answer"),
  reason: z.string().nullable(),
  revision: z.number().int(),
  image: digestSchema,
  models: z.array(z.string()),
  engine: z.enum(["python", "onnx", "http"]).describe("What runs the models"),
  engineReason: z.string().describe("Why this engine"),
  readyReplicas: z.number().int().describe("Replicas of the revision with traffic that are ready"),
  scoringUri: z.string(),
  swaggerUri: z.string(),
  settings: settingsSchema,
  recordColumns: z
    .record(z.string(), z.string())
    .describe(
      "How columns are written to records: the rules of the service, and `drop` for what the model marks as personal data",
    ),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Service = z.output<typeof serviceSchema>;

const serviceDetailSchema = serviceSchema.extend({ replicas: z.array(replicaSchema) });
export type ServiceDetail = z.output<typeof serviceDetailSchema>;

export const exampleService = {
  name: "digits",
  state: "ready" as const,
  reason: null,
  revision: 1,
  image: exampleDigest,
  models: ["digits:1"],
  engine: "onnx" as const,
  engineReason: "compiled: 1,025 rows compared, largest difference 4e-14",
  readyReplicas: 1,
  scoringUri: "http://127.0.0.1:5081/services/digits/score",
  swaggerUri: "http://127.0.0.1:5081/services/digits/swagger.json",
  settings: {
    target: "process" as const,
    env: {},
    timeoutMs: 60_000,
    replicas: 1,
    memoryMb: 0,
    auth: "key" as const,
    maxBodyBytes: 100_000_000,
    maxConcurrentRequests: 1024,
    maxQueueWaitMs: 3_600_000,
    record: "all",
    recordDays: 30,
    recordMb: 0,
    recordAlso: [],
    recordFields: {},
    collect: "on" as const,
    corsOrigins: [],
  },
  recordColumns: {},
  createdAt: 1764000000000,
  updatedAt: 1764000000000,
};
const exampleServiceDetail = {
  ...exampleService,
  replicas: [{ state: "ready" as const, pid: 4711, restarts: 0, reason: null }],
};
const exampleKeys = { primary: "mk_5d1e…", secondary: "mk_90ab…" };

const byName = z.object({ name: serviceNameSchema });
export const deploymentErrors = [
  ...buildImage.errors,
  "image-not-found",
  "service-busy",
  "change-ended",
  "revision-failed",
  "host-unreachable",
] as const;

export const deployService = defineOperation({
  id: "deploy-service",
  step: "use",
  summary: "Make a service of an image, or of models in one go",
  method: "POST",
  path: "/services",
  role: "contributor",
  answer: "progress",
  input: z.object({
    name: serviceNameSchema,
    ...imageSource,
    ...settings,
    reason: z.string().max(2000).optional().describe("Why, for the history"),
  }),
  output: serviceDetailSchema,
  errors: [...deploymentErrors, "service-exists"],
  cli: { noun: "service", verb: "deploy", arguments: ["name"] },
  example: { input: { name: "digits", models: ["digits"] }, output: exampleServiceDetail },
});

export const listServices = defineOperation({
  id: "list-services",
  step: "use",
  summary: "List the services",
  method: "GET",
  path: "/services",
  role: "reader",
  input: z.object({
    model: modelReferenceSchema.optional().describe("Only services that run this model"),
    ...pageInput,
  }),
  output: pageOf(serviceSchema),
  cli: { noun: "service", verb: "list" },
  example: { input: {}, output: { items: [exampleService], nextPageToken: null } },
});

export const getService = defineOperation({
  id: "get-service",
  step: "use",
  summary: "Show a service: its state, revision, settings and replicas",
  method: "GET",
  path: "/services/{name}",
  role: "reader",
  input: byName,
  output: serviceDetailSchema,
  errors: ["service-not-found"],
  cli: { noun: "service", verb: "show", arguments: ["name"] },
  example: { input: { name: "digits" }, output: exampleServiceDetail },
});

export const getRecordRules = defineOperation({
  id: "get-record-rules",
  step: "use",
  summary: "Show what is kept of a service's requests, and how their columns are written",
  method: "GET",
  path: "/services/{name}/record-rules",
  role: "reader",
  input: byName,
  output: z.object({
    service: serviceNameSchema,
    record: z.string(),
    also: z.array(z.string()),
    columns: z.array(
      z.object({
        column: z.string(),
        rule: z.string(),
        from: z
          .enum(["service", "signature"])
          .describe("signature: the model marks it as personal data, and no rule of the service says otherwise"),
      }),
    ),
    written: z
      .enum(["as-sent", "chosen-by-content", "redacted"])
      .describe("redacted: read as columns before it is written; what cannot be read so is not kept"),
  }),
  errors: ["service-not-found"],
  cli: { noun: "service", verb: "record-rules", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: {
      service: "digits",
      record: "sample:0.1",
      also: ["errors"],
      columns: [{ column: "email", rule: "hmac", from: "service" as const }],
      written: "redacted" as const,
    },
  },
});

export const getServiceLogs = defineOperation({
  id: "get-service-logs",
  step: "use",
  summary: "Show the log of a service's workers",
  method: "GET",
  path: "/services/{name}/logs",
  role: "reader",
  input: byName.extend({
    revision: whole(1).optional().describe("Revision; the current one when left out"),
    tail: whole(1, 10_000).default(200).describe("Last lines"),
    requestId: z.string().max(100).optional().describe("Only lines of this request"),
  }),
  output: z.object({ revision: z.number().int(), lines: z.array(z.string()) }),
  errors: ["service-not-found", "host-unreachable"],
  cli: { noun: "service", verb: "logs", arguments: ["name"] },
  example: {
    input: { name: "digits", tail: 10 },
    output: { revision: 1, lines: ["2025-11-24T16:00:00.000Z model loaded"] },
  },
});

export const invokeService = defineOperation({
  id: "invoke-service",
  step: "use",
  summary: "Send one request to a service and show its answer",
  method: "POST",
  path: "/services/{name}/invoke",
  answer: "progress",
  role: "scorer",
  input: byName.extend({
    body: z.string().optional().describe("Request body as text; the image's sample when left out"),
    language: z
      .enum(spokenLanguages)
      .default("azure")
      .describe(
        "How the body is written: azure (/score), inference (Open Inference Protocol V2), mlflow (/invocations)",
      ),
  }),
  output: z.object({
    status: z.number().int(),
    requestId: z.string(),
    durationMs: z.number(),
    answer: z.string().describe("Answer body as text"),
  }),
  errors: ["service-not-found", "service-stopped", "host-unreachable"],
  cli: { noun: "service", verb: "invoke", arguments: ["name"] },
  example: {
    input: { name: "digits", body: '{"data": [[0, 0, 5]]}' },
    output: { status: 200, requestId: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f", durationMs: 1.9, answer: "[7]" },
  },
});

export const stopService = defineOperation({
  id: "stop-service",
  step: "use",
  summary: "Stop a service's workers; its name, keys and history stay",
  method: "POST",
  path: "/services/{name}/stop",
  role: "contributor",
  input: byName,
  output: serviceSchema,
  errors: ["service-not-found", "service-busy", "change-ended", "host-unreachable"],
  cli: { noun: "service", verb: "stop", arguments: ["name"] },
  example: { input: { name: "digits" }, output: { ...exampleService, state: "stopped" } },
});

export const startService = defineOperation({
  id: "start-service",
  step: "use",
  summary: "Start a stopped service with the revision it had",
  method: "POST",
  path: "/services/{name}/start",
  answer: "progress",
  role: "contributor",
  input: byName,
  output: serviceSchema,
  errors: ["service-not-found", "service-busy", "change-ended", "revision-failed", "host-unreachable"],
  cli: { noun: "service", verb: "start", arguments: ["name"] },
  example: { input: { name: "digits" }, output: exampleService },
});

export const deleteService = defineOperation({
  id: "delete-service",
  step: "use",
  summary: "Delete a service; its records and its history stay",
  method: "DELETE",
  path: "/services/{name}",
  role: "contributor",
  input: byName,
  output: z.object({ name: z.string() }),
  errors: ["service-not-found", "service-busy"],
  cli: { noun: "service", verb: "delete", arguments: ["name"] },
  example: { input: { name: "digits" }, output: { name: "digits" } },
});

export const getServiceKeys = defineOperation({
  id: "get-service-keys",
  step: "use",
  summary: "Show the two keys of a service; both are valid",
  method: "GET",
  path: "/services/{name}/keys",
  role: "contributor",
  input: byName,
  output: z.object({ primary: z.string(), secondary: z.string() }),
  errors: ["service-not-found"],
  cli: { noun: "service", verb: "keys", arguments: ["name"] },
  example: { input: { name: "digits" }, output: exampleKeys },
});

const mostOfADay = { s: 86_400, m: 1440, h: 24 };

export const createServiceToken = defineOperation({
  id: "create-service-token",
  step: "use",
  summary: "Make a short-lived token that opens scoring of a service; regenerating either of its keys ends it",
  method: "POST",
  path: "/services/{name}/tokens",
  role: "scorer",
  input: byName.extend({
    expiresIn: z
      .string()
      .regex(/^[1-9]\d{0,5}[smh]$/, { error: "is a span such as 15m or 1h, at most 24h", abort: true })
      .refine((span) => Number(span.slice(0, -1)) <= mostOfADay[span.slice(-1) as "s" | "m" | "h"], "is at most 24h")
      .default("1h")
      .describe("Life of the token, at most 24h: 90s, 15m, 1h"),
  }),
  output: z.object({
    token: z.string().describe("Send it as `Authorization: Bearer <token>`; it is kept nowhere"),
    expiresAt: timeSchema,
    refreshAfter: timeSchema.describe("When to ask for the next one"),
  }),
  errors: ["service-not-found"],
  cli: { noun: "service", verb: "token", arguments: ["name"] },
  example: {
    input: { name: "digits", expiresIn: "1h" },
    output: { token: "mt_t8n3k0.9f86…", expiresAt: 1764003600000, refreshAfter: 1764002700000 },
  },
});

export const regenerateServiceKey = defineOperation({
  id: "regenerate-service-key",
  step: "use",
  summary: "Replace one key of a service; the other keeps working",
  method: "POST",
  path: "/services/{name}/keys/{key}",
  role: "contributor",
  input: byName.extend({ key: z.enum(["primary", "secondary"]).describe("Which key") }),
  output: z.object({ primary: z.string(), secondary: z.string() }),
  errors: ["service-not-found", "service-busy", "host-unreachable"],
  cli: { noun: "service", verb: "regenerate-key", arguments: ["key", "name"] },
  example: { input: { name: "digits", key: "primary" }, output: exampleKeys },
});
