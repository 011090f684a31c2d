import { z } from "zod";
import { baselineFileSchema } from "./drift.ts";
import {
  aliasNameSchema,
  descriptionSchema,
  exampleDetail,
  exampleFiles,
  exampleVersion,
  lineageSchema,
  metricsSchema,
  modelDetailSchema,
  modelSampleSchema,
  modelSignatureSchema,
  modelVersionSchema,
} from "./model.ts";
import {
  defineOperation,
  digestSchema,
  fileSchema,
  keyValueSchema,
  modelNameSchema,
  pageInput,
  pageOf,
  queryBoolean,
  versionNumberSchema,
} from "./operation.ts";

const digest = exampleVersion.digest;

const bytesSchema = z.coerce.number().int().min(0);

const versionPath = { name: modelNameSchema, version: versionNumberSchema };
const allowUnsafe = z
  .boolean()
  .default(false)
  .describe("Take a pickle that would run dangerous code when it is loaded; only the role admin may");
const filesSchema = z.array(fileSchema).max(10_000);

export const uploadBlob = defineOperation({
  id: "upload-blob",
  step: "register",
  summary: "Upload the bytes of one file; they are kept once under their SHA-256",
  method: "POST",
  path: "/blobs",
  role: "contributor",
  body: "bytes",
  input: z.object({
    digest: digestSchema.optional().describe("Expected SHA-256; the upload is refused when the bytes differ"),
    size: bytesSchema
      .optional()
      .describe("Bytes of the whole file; with `digest` and `offset`, what arrived is kept when the upload breaks off"),
    offset: bytesSchema.optional().describe("Where the body begins in the file: what `get-upload` tells as `received`"),
  }),
  output: z.object({ digest: digestSchema, size: z.number().int() }),
  errors: ["digest-mismatch", "upload-incomplete", "disk-full"],
  cli: { noun: "blob", verb: "upload" },
  example: { input: {}, output: { digest, size: 6210 } },
});

export const getUpload = defineOperation({
  id: "get-upload",
  step: "register",
  summary: "Tell how many bytes of a file are here: all, or those of your own upload that broke off",
  method: "GET",
  path: "/uploads/{digest}",
  role: "contributor",
  input: z.object({ digest: digestSchema }),
  output: z.object({
    digest: digestSchema,
    received: z.number().int().describe("Bytes that are here; the upload goes on with this `offset`"),
    complete: z.boolean().describe("Whether the file is here whole and nothing is left to upload"),
  }),
  cli: { noun: "blob", verb: "received", arguments: ["digest"] },
  example: { input: { digest }, output: { digest, received: 4096, complete: false } },
});

export const findBlob = defineOperation({
  id: "find-blob",
  step: "register",
  summary: "Tell whether the bytes of a digest are already here",
  method: "GET",
  path: "/blobs/{digest}",
  role: "contributor",
  input: z.object({ digest: digestSchema }),
  output: z.object({ digest: digestSchema, size: z.number().int() }),
  errors: ["blob-not-found"],
  cli: { noun: "blob", verb: "find", arguments: ["digest"] },
  example: { input: { digest }, output: { digest, size: 6210 } },
});

export const registerModel = defineOperation({
  id: "register-model",
  step: "register",
  summary: "Register uploaded files as the next version of a model",
  method: "POST",
  path: "/models/{name}/versions",
  role: "contributor",
  input: z.object({
    name: modelNameSchema,
    files: filesSchema.describe(
      "The files of the version, uploaded before; empty only for a version that stays at its `source`",
    ),
    tags: keyValueSchema.default({}).describe("Mutable pairs, key=value"),
    properties: keyValueSchema.default({}).describe("Add-only pairs, key=value"),
    metrics: metricsSchema.default({}).describe("Measured values, name=number"),
    description: descriptionSchema.optional(),
    source: z.string().min(1).max(2000).optional().describe("Where the files came from, for example a URL"),
    lineage: lineageSchema.default({}),
    signature: modelSignatureSchema.optional().describe("What it takes and gives; read from the files when left out"),
    pii: z
      .array(z.string().min(1).max(1000))
      .max(1000)
      .optional()
      .describe(
        "Columns with personal data, marked in the signature: they are not written to records until a rule says otherwise",
      ),
    sample: modelSampleSchema.optional(),
    baseline: baselineFileSchema.optional(),
    allowUnsafe,
    framework: z
      .string()
      .max(100)
      .optional()
      .describe("For example ScikitLearn or Onnx; read from the file when left out"),
    frameworkVersion: z.string().max(100).optional().describe("Read from the file when left out"),
  }),
  output: modelDetailSchema.extend({
    baselineLeftOut: z
      .array(z.string())
      .optional()
      .describe("With `baseline`: columns of its file that are not compared, as the model has none of that name"),
  }),
  errors: [
    "blob-not-found",
    "empty-file",
    "not-a-pickle",
    "unsafe-pickle",
    "unsafe-path",
    "model-not-found",
    "alias-not-found",
    "dataset-not-found",
    "forbidden",
    "disk-full",
  ],
  cli: { noun: "model", verb: "register", arguments: ["path"] },
  example: {
    input: { name: "digits", files: exampleFiles, tags: { team: "vision" } },
    output: { ...exampleDetail, aliases: [], services: [] },
  },
});

export const attachFiles = defineOperation({
  id: "attach-files",
  step: "register",
  summary: "Give an external version its files, once; they pass the checks of a registration",
  method: "POST",
  path: "/models/{name}/versions/{version}/files",
  role: "contributor",
  input: z.object({
    ...versionPath,
    files: filesSchema.min(1).describe("The files of the version, uploaded before"),
    allowUnsafe,
  }),
  output: modelDetailSchema,
  errors: [
    "model-not-found",
    "version-has-files",
    "blob-not-found",
    "empty-file",
    "not-a-pickle",
    "unsafe-pickle",
    "unsafe-path",
    "forbidden",
  ],
  cli: { noun: "model", verb: "pull", arguments: ["model"] },
  example: { input: { name: "digits", version: 1, files: exampleFiles }, output: exampleDetail },
});

export const listModels = defineOperation({
  id: "list-models",
  step: "register",
  summary: "List model versions, newest first",
  method: "GET",
  path: "/models",
  role: "reader",
  input: z.object({
    name: modelNameSchema.optional().describe("Only versions of this model"),
    tag: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe("Only with this tag: key, or key=value; may be repeated"),
    framework: z.string().optional().describe("Only of this framework"),
    digest: digestSchema.optional().describe("Only with exactly these files"),
    filter: z
      .string()
      .max(10_000)
      .optional()
      .describe("Only what fits, for example: metrics.accuracy > 0.9 AND tags.team = 'vision'"),
    orderBy: z
      .string()
      .max(200)
      .optional()
      .describe("created_at, updated_at, name or version, each with ASC or DESC (default: created_at DESC)"),
    archived: z.enum(["hide", "show", "only"]).default("hide").describe("Whether archived versions are listed"),
    total: queryBoolean.default(false).describe("Also count all that fits"),
    ...pageInput,
  }),
  output: pageOf(modelVersionSchema),
  cli: { noun: "model", verb: "list" },
  example: { input: { tag: ["team=vision"] }, output: { items: [exampleVersion], nextPageToken: null } },
});

export const getModel = defineOperation({
  id: "get-model",
  step: "register",
  summary: "Show a version with its files; without a version, the highest that is not archived",
  method: "GET",
  path: "/models/{name}",
  role: "reader",
  input: z.object({
    name: modelNameSchema,
    version: versionNumberSchema.optional(),
    alias: aliasNameSchema.optional().describe("In place of a version: the one this alias means now"),
  }),
  output: modelDetailSchema,
  errors: ["model-not-found", "alias-not-found"],
  cli: { noun: "model", verb: "show", arguments: ["model"] },
  example: { input: { name: "digits", version: 1 }, output: exampleDetail },
});

export const tagModel = defineOperation({
  id: "tag-model",
  step: "register",
  summary: "Set and remove tags, add properties, change the description",
  method: "PATCH",
  path: "/models/{name}/versions/{version}",
  role: "contributor",
  input: z.object({
    ...versionPath,
    tags: keyValueSchema.default({}).describe("Tags to set, key=value"),
    removeTags: z.array(z.string()).default([]).describe("Keys of tags to remove"),
    properties: keyValueSchema.default({}).describe("Properties to add, key=value"),
    description: descriptionSchema.nullable().optional().describe("New text for people; null removes it"),
  }),
  output: modelVersionSchema,
  errors: ["model-not-found", "property-exists"],
  cli: { noun: "model", verb: "tag", arguments: ["model"] },
  example: {
    input: { name: "digits", version: 1, tags: { ring: "test" } },
    output: { ...exampleVersion, tags: { team: "vision", ring: "test" } },
  },
});

export const downloadFile = defineOperation({
  id: "download-file",
  step: "register",
  summary: "Download one file of a version, or a `Range` of it; the digest of a whole file is verified on the way",
  method: "GET",
  path: "/models/{name}/versions/{version}/file",
  role: "reader",
  answer: "bytes",
  input: z.object({ ...versionPath, path: z.string().describe("Path of the file inside the version") }),
  output: z.any(),
  errors: ["model-not-found", "digest-mismatch"],
  cli: { noun: "model", verb: "download", arguments: ["model"] },
  example: { input: { name: "digits", version: 1, path: "model.pkl" }, output: "the bytes of the file" },
});

export const deleteModel = defineOperation({
  id: "delete-model",
  step: "register",
  summary: "Delete a version that no service runs, and the unused images made of it",
  method: "DELETE",
  path: "/models/{name}/versions/{version}",
  role: "contributor",
  input: z.object(versionPath),
  output: z.object({ reference: z.string(), deletedImages: z.array(z.string()) }),
  errors: ["model-not-found", "version-in-use", "alias-protected"],
  cli: { noun: "model", verb: "delete", arguments: ["model"] },
  example: { input: { name: "digits", version: 1 }, output: { reference: "digits:1", deletedImages: [] } },
});
