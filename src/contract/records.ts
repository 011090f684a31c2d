import { z } from "zod";
import { spokenLanguages } from "./host.ts";
import {
  defineOperation,
  modelReferenceSchema,
  pageInput,
  pageOf,
  queryBoolean,
  serviceNameSchema,
  sinceSchema,
  timeSchema,
} from "./operation.ts";

const recordSchema = z.object({
  id: z.string().describe("Request id"),
  correlationId: z
    .string()
    .describe(
      "What the client calls the request (x-ms-client-request-id, x-request-id, ce-id); the id when it does not say",
    ),
  service: z.string(),
  revision: z.number().int(),
  models: z.array(z.string()),
  at: timeSchema,
  durationMs: z.number(),
  status: z.number().int().describe("HTTP status of the answer"),
  mirrored: z.boolean().describe("A copy that a mirroring revision answered; no client got it"),
  caller: z
    .string()
    .nullable()
    .describe(
      "Who asked: key:primary, key:secondary, token:<start of its SHA-256>, server (through it); null where no key was needed",
    ),
  weight: z
    .number()
    .describe(
      "Requests it stands for, where a sample is kept: one over the share. Those kept in any case stand for themselves",
    ),
  bodySize: z.number().int(),
  answerSize: z.number().int(),
});
export type RecordSummary = z.output<typeof recordSchema>;

const cellSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const tableSchema = z.object({
  columns: z.array(z.string()),
  rowCount: z.number().int(),
  rows: z.array(z.array(cellSchema)).describe("The first 200 rows; NaN and infinities as text"),
});

const recordDetailSchema = recordSchema.extend({
  image: z.string(),
  engine: z
    .enum(["python", "onnx", "http"])
    .nullable()
    .describe("What ran the model; null when its image is not known"),
  language: z
    .enum([...spokenLanguages, "upstream"])
    .nullable()
    .describe("How the request was written; null in records of older hosts"),
  traceId: z.string().describe("Trace it belongs to (W3C Trace Context), 32 hexadecimal digits"),
  files: z
    .array(z.object({ path: z.string(), digest: z.string() }))
    .describe("Files of the image that answered, models and entry script, by their SHA-256"),
  body: z.string().describe("Request body as text; base64 when it is not UTF-8"),
  bodyEncoding: z.enum(["utf8", "base64"]),
  bodyTruncated: z.boolean(),
  answer: z.string(),
  answerEncoding: z.enum(["utf8", "base64"]),
  answerTruncated: z.boolean(),
  inputs: tableSchema.nullable().describe("What was asked, as columns"),
  predictions: tableSchema.nullable().describe("What was answered, as columns; row i belongs to row i of the inputs"),
  undecoded: z
    .string()
    .nullable()
    .describe("Why one of them is null: cut, empty, not-json, not-tabular, unfit, rows-differ or no-image"),
});
export type RecordDetail = z.output<typeof recordDetailSchema>;

const exampleRecord = {
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f",
  correlationId: "order-4711",
  service: "digits",
  revision: 1,
  models: ["digits:1"],
  at: 1764000000000,
  durationMs: 1.9,
  status: 200,
  mirrored: false,
  caller: "key:primary",
  weight: 1,
  bodySize: 21,
  answerSize: 3,
};
const exampleDetail = {
  ...exampleRecord,
  image: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  engine: "onnx" as const,
  language: "azure" as const,
  traceId: "0193c1a07b5e7c3d9f000a1b2c3d4e5f",
  files: [
    {
      path: "azureml-models/digits/1/model.pkl",
      digest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    },
  ],
  body: '{"data": [[0, 0, 5]]}',
  bodyEncoding: "utf8" as const,
  bodyTruncated: false,
  answer: "[7]",
  answerEncoding: "utf8" as const,
  answerTruncated: false,
  inputs: { columns: ["x0", "x1", "x2"], rowCount: 1, rows: [[0, 0, 5]] },
  predictions: { columns: ["prediction"], rowCount: 1, rows: [[7]] },
  undecoded: null,
};

export const recordFilter = {
  service: serviceNameSchema.optional().describe("Only of this service"),
  model: modelReferenceSchema.optional().describe("Only answered by this model or version"),
  since: sinceSchema.optional(),
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, "is a status such as 500, or a class such as 5xx")
    .optional()
    .describe("Only with this status: 500, 5xx"),
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "is 32 hexadecimal digits")
    .optional()
    .describe("Only of this trace"),
  correlationId: z.string().max(100).optional().describe("Only what the client called this, or this id"),
};

export const listRecords = defineOperation({
  id: "list-records",
  step: "monitor",
  summary: "List recorded requests, newest first",
  method: "GET",
  path: "/records",
  role: "reader",
  input: z.object({ ...recordFilter, ...pageInput }),
  output: pageOf(recordSchema),
  errors: ["record-file-damaged", "service-not-found", "model-not-found", "alias-not-found"],
  cli: { noun: "record", verb: "list" },
  example: { input: { service: "digits", since: "15m" }, output: { items: [exampleRecord], nextPageToken: null } },
});

export const getRecord = defineOperation({
  id: "get-record",
  step: "monitor",
  summary: "Show one recorded request with its body and answer",
  method: "GET",
  path: "/records/{id}",
  role: "reader",
  input: z.object({
    id: z.string().max(100).describe("Request id"),
    mirrored: queryBoolean.default(false).describe("The answer of the mirroring revision instead of the client's"),
  }),
  output: recordDetailSchema,
  errors: ["record-not-found", "record-file-damaged"],
  cli: { noun: "record", verb: "show", arguments: ["id"] },
  example: { input: { id: exampleRecord.id }, output: exampleDetail },
});

export const exportRecords = defineOperation({
  id: "export-records",
  step: "monitor",
  summary:
    "Export recorded requests as they came, of each revision oldest first, or their columns as files of a layout",
  method: "GET",
  path: "/records-export",
  role: "reader",
  answer: "bytes",
  input: z.object({
    ...recordFilter,
    format: z
      .enum(["jsonl", "csv"])
      .default("jsonl")
      .describe("Records as they came, one a line: jsonl or csv; says nothing with a layout"),
    layout: z
      .enum(["azure-v1", "azure-v2", "csv", "jsonl", "parquet"])
      .optional()
      .describe(
        "Inputs and predictions as columns, in files: those of Azure ML's ModelDataCollector (azure-v1) or data collector (azure-v2), one for each service (csv, jsonl), or the server's own files with heads and bodies (parquet). Answered as lines of {path, text}, or {path, base64} of Parquet, each to be added to the end of its file",
      ),
  }),
  output: z.any(),
  errors: ["record-file-damaged", "service-not-found", "model-not-found", "alias-not-found"],
  cli: { noun: "record", verb: "export" },
  example: { input: { format: "jsonl", since: "7d" }, output: "one record a line" },
});

export const getRecordStatus = defineOperation({
  id: "get-record-status",
  step: "monitor",
  summary: "Where records are, how far they lag, and how many are not there, by reason",
  method: "GET",
  path: "/records-status",
  role: "reader",
  input: z.object({}),
  output: z.object({
    taken: z.number().int().describe("Records taken over since the home was made, those deleted since included"),
    fresh: z.number().int().describe("In the database"),
    filed: z.number().int().describe("In files"),
    files: z.number().int(),
    fileBytes: z.number().int(),
    limitBytes: z
      .number()
      .int()
      .nullable()
      .describe("What the files of all services together may take (MODELYARD_RECORD_MB); null: no limit"),
    oldestAt: timeSchema.nullable().describe("When the oldest request in a file came"),
    waitingBytes: z.number().int().describe("Bytes of spools that are not taken over yet: the lag"),
    dropped: z.record(z.string(), z.number().int()).describe("Records that are not there, by reason"),
  }),
  cli: { noun: "record", verb: "status" },
  example: {
    input: {},
    output: {
      ...{ taken: 48_640, fresh: 528, filed: 48_112, files: 3, fileBytes: 1_264_111, oldestAt: 1764000000000 },
      ...{ limitBytes: null, waitingBytes: 0, dropped: { torn: 1 } },
    },
  },
});

export const compactRecords = defineOperation({
  id: "compact-records",
  step: "monitor",
  summary: "Move records out of the database into files of Parquet now; the server does it every hour",
  method: "POST",
  path: "/records-compact",
  role: "admin",
  answer: "progress",
  input: z.object({
    before: sinceSchema
      .default("1h")
      .describe("Records before this moment: an ISO time, or a span back from now: 1h, 0s is all"),
  }),
  output: z.object({
    records: z.number().int(),
    files: z.number().int(),
    bytes: z.number().int().describe("Of the files"),
    folder: z.string().describe("Where they are, on the machine of the server"),
  }),
  cli: { noun: "record", verb: "compact" },
  example: {
    input: { before: "1h" },
    output: { records: 48_112, files: 3, bytes: 1_264_111, folder: "/var/lib/modelyard/records" },
  },
});

export const eraseRecords = defineOperation({
  id: "erase-records",
  step: "monitor",
  summary: "Erase the records of a correlation id for ever, also those that arrive later",
  method: "POST",
  path: "/records-erase",
  role: "admin",
  input: z.object({
    correlationId: z.string().min(1).max(100).describe("What the client called its requests, or a request id"),
    service: recordFilter.service,
  }),
  output: z.object({
    records: z.number().int().describe("Erased now"),
    collected: z.number().int().describe("Entries of collections that were erased"),
    labels: z.number().int().describe("Labels that were erased"),
    datasets: z.array(z.string()).describe("Data sets, name@digest, that held such a record and are `erased` now"),
    files: z.number().int().describe("Files that were written anew without the records"),
  }),
  errors: ["record-file-damaged", "service-not-found"],
  cli: { noun: "record", verb: "erase", arguments: ["correlationId"] },
  example: {
    input: { correlationId: "order-4711" },
    output: { records: 2, collected: 0, labels: 1, datasets: [], files: 1 },
  },
});
