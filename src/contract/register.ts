import { z } from "zod";
import {
  defineOperation,
  digestSchema,
  fileSchema,
  keyValueSchema,
  modelNameSchema,
  pageInput,
  pageOf,
  timeSchema,
  versionNumberSchema,
} from "./operation.ts";

const modelVersionSchema = z.object({
  name: modelNameSchema,
  version: z.number().int(),
  reference: z.string().describe("`name:version`"),
  description: z.string().nullable(),
  framework: z.string().nullable(),
  frameworkVersion: z.string().nullable(),
  digest: digestSchema.describe("SHA-256 over the paths and digests of all files"),
  size: z.number().int().describe("Bytes of all files"),
  tags: keyValueSchema,
  properties: keyValueSchema,
  createdAt: timeSchema,
  createdBy: z.string(),
});
export type ModelVersion = z.output<typeof modelVersionSchema>;

const modelDetailSchema = modelVersionSchema.extend({
  files: z.array(fileSchema),
  services: z.array(z.string()).describe("Services that run it now"),
  reading: z
    .object({ rootClass: z.string().nullable(), columns: z.number().int().nullable(), globals: z.array(z.string()) })
    .nullable()
    .describe("What the file shows without being executed"),
});
export type ModelDetail = z.output<typeof modelDetailSchema>;

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const exampleVersion = {
  name: "digits",
  version: 1,
  reference: "digits:1",
  description: "Logistic regression on the digits data",
  framework: "ScikitLearn",
  frameworkVersion: "1.7.2",
  digest,
  size: 6210,
  tags: { team: "vision" },
  properties: { accuracy: "0.97" },
  createdAt: 1764000000000,
  createdBy: "admin",
};
const exampleFiles = [{ path: "model.pkl", digest, size: 6210 }];
const exampleDetail = {
  ...exampleVersion,
  files: exampleFiles,
  services: ["digits"],
  reading: {
    rootClass: "sklearn.linear_model._logistic.LogisticRegression",
    columns: 64,
    globals: ["sklearn.linear_model._logistic.LogisticRegression"],
  },
};

const versionPath = { name: modelNameSchema, version: versionNumberSchema };

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
  }),
  output: z.object({ digest: digestSchema, size: z.number().int() }),
  errors: ["digest-mismatch", "disk-full"],
  cli: { noun: "blob", verb: "upload" },
  example: { input: {}, output: { digest, size: 6210 } },
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
    files: z.array(fileSchema).min(1).max(10_000).describe("The files of the version, uploaded before"),
    tags: keyValueSchema.default({}).describe("Mutable pairs, key=value"),
    properties: keyValueSchema.default({}).describe("Add-only pairs, key=value"),
    description: z.string().max(20_000).optional().describe("Text for people"),
    framework: z
      .string()
      .max(100)
      .optional()
      .describe("For example ScikitLearn or Onnx; read from the file when left out"),
    frameworkVersion: z.string().max(100).optional().describe("Read from the file when left out"),
  }),
  output: modelDetailSchema,
  errors: ["blob-not-found", "empty-file", "not-a-pickle", "unsafe-path", "disk-full"],
  cli: { noun: "model", verb: "register", arguments: ["path"] },
  example: {
    input: { name: "digits", files: exampleFiles, tags: { team: "vision" } },
    output: { ...exampleDetail, services: [] },
  },
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
    ...pageInput,
  }),
  output: pageOf(modelVersionSchema),
  cli: { noun: "model", verb: "list" },
  example: { input: { tag: ["team=vision"] }, output: { items: [exampleVersion], nextPageToken: null } },
});

export const getModel = defineOperation({
  id: "get-model",
  step: "register",
  summary: "Show a version with its files; without a version, the highest",
  method: "GET",
  path: "/models/{name}",
  role: "reader",
  input: z.object({ name: modelNameSchema, version: versionNumberSchema.optional() }),
  output: modelDetailSchema,
  errors: ["model-not-found"],
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
    description: z.string().max(20_000).optional().describe("New text for people"),
  }),
  output: modelVersionSchema,
  errors: ["model-not-found", "property-exists"],
  cli: { noun: "model", verb: "tag", arguments: ["model"] },
  example: {
    input: { name: "digits", version: 1, tags: { stage: "test" } },
    output: { ...exampleVersion, tags: { team: "vision", stage: "test" } },
  },
});

export const downloadFile = defineOperation({
  id: "download-file",
  step: "register",
  summary: "Download one file of a version; its digest is verified on the way",
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
  errors: ["model-not-found", "version-in-use"],
  cli: { noun: "model", verb: "delete", arguments: ["model"] },
  example: { input: { name: "digits", version: 1 }, output: { reference: "digits:1", deletedImages: [] } },
});
