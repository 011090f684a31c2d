import { z } from "zod";
import {
  defineOperation,
  modelReferenceSchema,
  pageInput,
  pageOf,
  serviceNameSchema,
  sinceSchema,
  timeSchema,
} from "./operation.ts";

/** What `collect` of ModelDataCollector, or of azureml-ai-monitoring, files under a name. */
const collectionNameSchema = z
  .string()
  .min(1)
  .max(200)
  .describe("Name of the collection, such as inputs or model_inputs");

const collectionSchema = z.object({
  service: serviceNameSchema,
  collection: collectionNameSchema,
  model: z.string().nullable().describe("Model the script names; null when it names none"),
  version: z.string().nullable().describe("Version of it, as text: scripts may give any"),
  entries: z.number().int().describe("Calls of collect()"),
  rows: z.number().int(),
  columns: z.array(z.string()).describe("Columns of the newest entry that has any"),
  firstAt: timeSchema,
  lastAt: timeSchema,
});

const cellSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const entrySchema = z.object({
  at: timeSchema,
  revision: z.number().int(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  requestId: z.string().nullable().describe("Request it was collected in, where that is known"),
  correlationId: z.string().nullable().describe("Joins it with other collections, as the script says it"),
  rowCount: z.number().int(),
  columns: z.array(z.string()),
  rows: z.array(z.array(cellSchema)).describe("The first rows"),
  reason: z.string().nullable().describe("Why it has no rows: it is no table"),
});
export type CollectionEntry = z.output<typeof entrySchema>;

const exampleAt = 1764000000000;
const exampleEntry = {
  at: exampleAt,
  revision: 1,
  model: "digits",
  version: "1",
  requestId: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f",
  correlationId: null,
  rowCount: 1,
  columns: ["prediction"],
  rows: [[7]],
  reason: null,
};

const which = {
  service: serviceNameSchema,
  collection: collectionNameSchema,
  model: modelReferenceSchema.optional().describe("Only of this model, as the script names it"),
  since: sinceSchema.optional(),
};

export const listCollections = defineOperation({
  id: "list-collections",
  step: "monitor",
  summary: "List what entry scripts collect, by service, collection and model",
  method: "GET",
  path: "/collections",
  role: "reader",
  input: z.object({
    service: serviceNameSchema.optional().describe("Only of this service"),
    model: which.model,
    ...pageInput,
  }),
  output: pageOf(collectionSchema),
  errors: ["service-not-found"],
  cli: { noun: "collection", verb: "list" },
  example: {
    input: { service: "digits" },
    output: {
      items: [
        {
          service: "digits",
          collection: "predictions",
          model: "digits",
          version: "1",
          entries: 12,
          rows: 12,
          columns: ["prediction"],
          firstAt: exampleAt,
          lastAt: exampleAt,
        },
      ],
      nextPageToken: null,
    },
  },
});

export const getCollection = defineOperation({
  id: "get-collection",
  step: "monitor",
  summary: "Show what a collection has, newest first",
  method: "GET",
  path: "/services/{service}/collections/{collection}",
  role: "reader",
  input: z.object({
    ...which,
    correlationId: z.string().min(1).max(200).optional().describe("Only with this correlation id or request id"),
    pageSize: pageInput.pageSize.unwrap().default(20).describe("Entries a page"),
    pageToken: pageInput.pageToken,
  }),
  output: pageOf(entrySchema),
  errors: ["collection-not-found", "service-not-found"],
  cli: { noun: "collection", verb: "show", arguments: ["service", "collection"] },
  example: {
    input: { service: "digits", collection: "predictions" },
    output: { items: [exampleEntry], nextPageToken: null },
  },
});

export const exportCollection = defineOperation({
  id: "export-collection",
  step: "monitor",
  summary: "Export the rows of a collection, oldest first, as CSV or JSON lines",
  method: "GET",
  path: "/services/{service}/collections/{collection}/export",
  role: "reader",
  answer: "bytes",
  input: z.object({ ...which, format: z.enum(["csv", "jsonl"]).default("csv").describe("csv or jsonl") }),
  output: z.any(),
  errors: ["collection-not-found", "service-not-found"],
  cli: { noun: "collection", verb: "export", arguments: ["service", "collection"] },
  example: { input: { service: "digits", collection: "predictions" }, output: "one row a line" },
});
