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

const datasetNameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][\w.-]*$/, "has letters, digits, _, . and -, and begins with a letter or digit")
  .describe("Name of the data set");

const digestPrefixSchema = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, "is a SHA-256 or its first 8 to 63 hexadecimal digits")
  .describe("Which one under the name; the newest when left out");

/** `name@digest` with all 64 digits. */
export const wholeDatasetPattern = /^[A-Za-z0-9][\w.-]*@[0-9a-f]{64}$/;

export const datasetReferenceSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*(@[0-9a-f]{8,64})?$/, "is a name, or name@ and at least 8 digits of its digest")
  .describe("`name` (its newest) or `name@digest`; the first 8 digits are enough");

/** The parts of a reference. */
export function parseDataset(reference: string): { name: string; digest: string | undefined } {
  const [name = "", digest] = reference.split("@");
  return { name, digest };
}

const columnRoles = ["id", "row", "time", "revision", "model", "input", "prediction", "label", "weight"] as const;
const columnSchema = z.object({
  name: z.string(),
  role: z.enum(columnRoles).describe("input is what the model was asked, label what was true"),
  type: z.enum(["integer", "number", "boolean", "text", "time"]),
  missing: z.number().int().describe("Rows without a value"),
});
export type DatasetColumn = z.output<typeof columnSchema>;

const sampleSchema = z
  .string()
  .regex(/^([1-9]\d*|\d+(\.\d+)?%)$/, "is a number of requests such as 1000, or a share such as 10%")
  .refine((text) => !text.endsWith("%") || (Number.parseFloat(text) > 0 && Number.parseFloat(text) <= 100), {
    message: "is a share above 0% and of at most 100%",
  })
  .describe("At most so many requests (1000), or a share of them (10%); always the same ones");

const querySchema = z.object({
  service: z.string(),
  since: timeSchema,
  until: timeSchema.describe("The first moment behind it"),
  model: z.string().nullable(),
  labels: z.enum(["required", "optional"]),
  sample: z.string().nullable(),
});
export type DatasetQuery = z.output<typeof querySchema>;

const datasetSchema = z.object({
  name: z.string(),
  digest: z.string().describe("SHA-256 of its bytes"),
  reference: z.string().describe("name@digest"),
  state: z.enum(["ready", "erased"]).describe("erased: it held a record that was erased; its bytes are gone"),
  format: z.enum(["parquet", "csv"]),
  size: z.number().int().describe("Bytes"),
  rows: z.number().int(),
  service: z.string(),
  createdAt: timeSchema,
  createdBy: z.string(),
});
export type Dataset = z.output<typeof datasetSchema>;

const manifestSchema = z.object({
  query: querySchema,
  requests: z.number().int().describe("Requests whose rows it holds"),
  columns: z.array(columnSchema),
  models: z
    .array(z.object({ model: z.string(), revision: z.number().int(), rows: z.number().int() }))
    .describe("What made the predictions"),
  labels: z.object({ rows: z.number().int(), coverage: z.number().describe("Share of the rows with a label") }),
  weights: z
    .object({ requests: z.number().int(), chosen: z.number().int() })
    .describe("Requests that fit, and those the sample chose; each row weighs as many as it stands for"),
  skipped: z.record(z.string(), z.number().int()).describe("Requests that are not in it, by reason"),
  rebuiltFrom: z.string().nullable().describe("Digest of the erased one it was built again from"),
});
export type DatasetManifest = z.output<typeof manifestSchema>;

const detailSchema = datasetSchema.extend({
  ...manifestSchema.shape,
  erasedAt: timeSchema.nullable(),
  versions: z.array(z.string()).describe("Versions that were trained on it: name:version"),
});
export type DatasetDetail = z.output<typeof detailSchema>;

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const exampleDataset: Dataset = {
  name: "digits-november",
  digest,
  reference: `digits-november@${digest}`,
  state: "ready",
  format: "parquet",
  size: 48_210,
  rows: 360,
  service: "digits",
  createdAt: 1764086400000,
  createdBy: "admin",
};
const exampleDetail: DatasetDetail = {
  ...exampleDataset,
  query: {
    service: "digits",
    since: 1763481600000,
    until: 1764086400000,
    model: null,
    labels: "required",
    sample: null,
  },
  requests: 360,
  columns: [
    { name: "_id", role: "id", type: "text", missing: 0 },
    { name: "x0", role: "input", type: "integer", missing: 0 },
    { name: "prediction", role: "prediction", type: "integer", missing: 0 },
    { name: "label", role: "label", type: "integer", missing: 0 },
  ],
  models: [{ model: "digits:1", revision: 1, rows: 360 }],
  labels: { rows: 360, coverage: 1 },
  weights: { requests: 360, chosen: 360 },
  skipped: {},
  rebuiltFrom: null,
  erasedAt: null,
  versions: [],
};

const which = { name: datasetNameSchema, digest: digestPrefixSchema.optional() };

export const createDataset = defineOperation({
  id: "create-dataset",
  step: "monitor",
  summary: "Make an immutable data set of recorded requests, their predictions and labels",
  method: "POST",
  path: "/datasets",
  role: "contributor",
  answer: "progress",
  input: z.object({
    name: datasetNameSchema,
    service: serviceNameSchema,
    since: sinceSchema,
    until: sinceSchema.optional().describe("End, as since; now when left out"),
    model: modelReferenceSchema.optional().describe("Only what this model or version answered"),
    labels: z.enum(["required", "optional"]).default("optional").describe("Whether rows without a label are left out"),
    sample: sampleSchema.optional(),
    format: z.enum(["parquet", "csv"]).default("parquet").describe("Parquet (snappy) or CSV"),
  }),
  output: detailSchema.extend({
    created: z.boolean().describe("false: the same rows were there under this name already"),
  }),
  errors: ["service-not-found", "model-not-found", "alias-not-found", "dataset-empty", "records-off", "disk-full"],
  cli: { noun: "dataset", verb: "create", arguments: ["name"] },
  example: {
    input: { name: "digits-november", service: "digits", since: "7d", labels: "required" },
    output: { ...exampleDetail, created: true },
  },
});

export const listDatasets = defineOperation({
  id: "list-datasets",
  step: "monitor",
  summary: "List data sets, newest first",
  method: "GET",
  path: "/datasets",
  role: "reader",
  input: z.object({
    name: datasetNameSchema.optional().describe("Only under this name"),
    service: serviceNameSchema.optional().describe("Only of this service"),
    ...pageInput,
  }),
  output: pageOf(datasetSchema),
  cli: { noun: "dataset", verb: "list" },
  example: { input: { service: "digits" }, output: { items: [exampleDataset], nextPageToken: null } },
});

export const getDataset = defineOperation({
  id: "get-dataset",
  step: "monitor",
  summary: "Show a data set: its query, columns, label coverage, and the versions that were trained on it",
  method: "GET",
  path: "/datasets/{name}",
  role: "reader",
  input: z.object(which),
  output: detailSchema,
  errors: ["dataset-not-found"],
  cli: { noun: "dataset", verb: "show", arguments: ["dataset"] },
  example: { input: { name: "digits-november" }, output: exampleDetail },
});

export const downloadDataset = defineOperation({
  id: "download-dataset",
  step: "monitor",
  summary: "Download a data set, or a `Range` of it; the digest of the whole is verified on the way",
  method: "GET",
  path: "/datasets/{name}/file",
  role: "reader",
  answer: "bytes",
  input: z.object(which),
  output: z.any(),
  errors: ["dataset-not-found", "dataset-erased", "digest-mismatch"],
  cli: { noun: "dataset", verb: "pull", arguments: ["dataset"] },
  example: { input: { name: "digits-november" }, output: "the bytes of the file" },
});

export const deleteDataset = defineOperation({
  id: "delete-dataset",
  step: "monitor",
  summary: "Delete a data set that no version was trained on",
  method: "DELETE",
  path: "/datasets/{name}",
  role: "contributor",
  input: z.object(which),
  output: z.object({ reference: z.string() }),
  errors: ["dataset-not-found", "dataset-in-use"],
  cli: { noun: "dataset", verb: "delete", arguments: ["dataset"] },
  example: { input: { name: "digits-november", digest }, output: { reference: exampleDataset.reference } },
});

export const rebuildDataset = defineOperation({
  id: "rebuild-dataset",
  step: "monitor",
  summary: "Ask the query of a data set again, for instance when it was erased; what it gives now has its own digest",
  method: "POST",
  path: "/datasets/{name}/rebuild",
  role: "contributor",
  answer: "progress",
  input: z.object(which),
  output: createDataset.output,
  errors: ["dataset-not-found", "dataset-empty", "records-off", "disk-full"],
  cli: { noun: "dataset", verb: "rebuild", arguments: ["dataset"] },
  example: {
    input: { name: "digits-november", digest },
    output: { ...exampleDetail, rebuiltFrom: digest, created: true },
  },
});
