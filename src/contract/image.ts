import { z } from "zod";
import type { ColumnInput, CompiledInput } from "./compiled-input.ts";
import { paramSchema } from "./model.ts";
import {
  defineOperation,
  digestSchema,
  fileSchema,
  modelReferenceSchema,
  pageInput,
  pageOf,
  timeSchema,
} from "./operation.ts";
import { upstreamSchema } from "./upstream.ts";

/** What an image is made of. Several models make one image; a script is optional. */
export const imageInput = {
  models: z.array(modelReferenceSchema).max(100).describe("Models of the image: name or name:version").default([]),
  script: z
    .object({
      entry: z.string().min(1).max(500).describe("Entry script inside the source files, with init() and run(raw_data)"),
      files: z.array(fileSchema).min(1).max(10_000).describe("The source files, uploaded before"),
    })
    .optional()
    .describe("Entry script and the files beside it"),
  requirements: z.string().max(200_000).optional().describe("Text of requirements.txt"),
  conda: z.string().max(200_000).optional().describe("Text of conda.yml"),
  python: z
    .string()
    .regex(/^3\.\d{1,2}(\.\d{1,3})?$/, "is a version such as 3.11")
    .optional()
    .describe("Version of Python"),
  sample: z
    .string()
    .max(1_000_000)
    .optional()
    .describe("A request body that fits; sent to every new revision before it gets traffic"),
  accelerate: z
    .enum(["auto", "off", "require"])
    .optional()
    .describe("Compile the model, so that it is served without Python: auto (where its answers agree), off, require"),
  upstream: upstreamSchema.optional().describe("A server that answers in place of a worker; needs no model"),
};
export const imageInputSchema = z.object(imageInput);
export type ImageInput = z.output<typeof imageInputSchema>;

const signatureSchema = z.object({
  input: z.union([
    z.object({
      kind: z.literal("rows"),
      columns: z.number().int().nullable(),
      names: z.array(z.string()).nullable(),
      types: z.array(z.string()).optional().describe("Of the named columns, as the signature of MLflow has them"),
    }),
    z.object({ kind: z.literal("text") }),
  ]),
  params: z
    .array(paramSchema.omit({ default: true }))
    .optional()
    .describe("What requests may set beside their rows"),
});

const columnInputSchema: z.ZodType<ColumnInput> = z.object({
  name: z.string(),
  type: z.enum(["number", "text", "any"]).describe("any: the model looks at no value of this column"),
  missing: z.boolean().describe("It takes null"),
  infinite: z.boolean().describe("It takes infinities"),
  mixed: z.boolean().describe("It takes numbers that are written as text, and where it takes text, numbers"),
  only: z
    .array(z.union([z.string(), z.number()]))
    .nullable()
    .describe("The values it takes; null: any"),
});

/** What a compiled model takes, and refuses as the model it was made of does: one matrix, or a column for each input. */
const compiledInputSchema: z.ZodType<CompiledInput> = z.union([
  z.object({ kind: z.literal("matrix"), missing: z.boolean(), infinite: z.boolean(), mixed: z.boolean() }),
  z.object({ kind: z.literal("table"), columns: z.array(columnInputSchema) }),
]);

/** A model as ONNX, made at the build of an image, with what its answers were compared on. */
const compiledSchema = z.object({
  file: fileSchema,
  input: compiledInputSchema,
  rows: z.number().int().describe("Rows whose answers were compared with the original's"),
  largestDifference: z.number().describe("Of two numbers of the answers, absolute below 1 and relative above"),
  python: z.string().describe("Version of the Python that made it"),
  packages: z.array(z.string()).describe("Every package that made it, pinned"),
});
export type Compiled = z.output<typeof compiledSchema>;

/** The immutable description whose canonical JSON gives an image its digest. */
export const manifestSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      version: z.number().int(),
      digest: digestSchema,
      framework: z.string().nullable(),
      files: z.array(fileSchema),
    }),
  ),
  script: z.object({ entry: z.string(), files: z.array(fileSchema) }).nullable(),
  engine: z.enum(["onnx", "http"]).optional().describe("What runs the model in place of Python"),
  accelerate: z.literal("off").optional().describe("The model was not to be compiled"),
  compiled: compiledSchema.optional().describe("The ONNX that answers in place of the model's own file"),
  upstream: upstreamSchema.optional().describe("The server that answers, with the engine http"),
  environment: z
    .object({
      digest: digestSchema.describe("Names the environment that all images of the same requirements share"),
      python: z.string(),
      lock: z.array(z.string()).describe("Every installed package, pinned"),
    })
    .nullable()
    .describe("null: no Python is needed"),
  signature: signatureSchema,
  pii: z.array(z.string()).optional().describe("Columns that the signatures of the models mark as personal data"),
  sample: z.string().nullable(),
});
export type Manifest = z.output<typeof manifestSchema>;

const imageSchema = z.object({
  digest: digestSchema,
  models: z.array(z.string()),
  script: z.string().nullable(),
  engine: z.enum(["python", "onnx", "http"]).describe("What runs the models"),
  engineReason: z.string().describe("Why this engine"),
  python: z.string().nullable(),
  environment: digestSchema.nullable(),
  createdAt: timeSchema,
  createdBy: z.string(),
});
export type Image = z.output<typeof imageSchema>;

const imageDetailSchema = imageSchema.extend({
  input: imageInputSchema.describe("What was asked for, with every model's version"),
  manifest: manifestSchema,
  log: z.array(z.string()).describe("The build log"),
  built: z.boolean().describe("False when the same image stood already"),
});
export type ImageDetail = z.output<typeof imageDetailSchema>;

/** For examples. */
export const exampleDigest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const exampleImage = {
  digest: exampleDigest,
  models: ["digits:1"],
  script: null,
  engine: "python" as const,
  engineReason: "not compiled: nothing converts a digits.Net",
  python: "3.11.7",
  environment: exampleDigest,
  createdAt: 1764000000000,
  createdBy: "admin",
};
const exampleManifest = {
  models: [
    {
      name: "digits",
      version: 1,
      digest: exampleDigest,
      framework: "ScikitLearn",
      files: [{ path: "model.pkl", digest: exampleDigest, size: 6210 }],
    },
  ],
  script: null,
  environment: { digest: exampleDigest, python: "3.11.7", lock: ["numpy==2.3.5", "scikit-learn==1.7.2"] },
  signature: { input: { kind: "rows" as const, columns: 64, names: null } },
  sample: '{"data": [[0, 0, 5]]}',
};
const exampleImageDetail = {
  ...exampleImage,
  input: { models: ["digits:1"] },
  manifest: exampleManifest,
  log: ["Successfully installed scikit-learn-1.7.2"],
  built: true,
};

export const buildImage = defineOperation({
  id: "build-image",
  step: "use",
  summary: "Build an immutable image: models, entry script, locked environment, signature, sample",
  method: "POST",
  path: "/images",
  role: "contributor",
  answer: "progress",
  input: imageInputSchema,
  output: imageDetailSchema,
  errors: [
    "model-not-found",
    "blob-not-found",
    "packages-unknown",
    "interpreter-not-found",
    "conda-not-supported",
    "environment-file-invalid",
    "package-not-found",
    "environment-failed",
    "script-invalid",
    "sample-invalid",
    "onnx-invalid",
    "not-compiled",
    "unsafe-path",
    "disk-full",
  ],
  cli: { noun: "image", verb: "build" },
  example: { input: { models: ["digits"] }, output: exampleImageDetail },
});

export const listImages = defineOperation({
  id: "list-images",
  step: "use",
  summary: "List images, newest first",
  method: "GET",
  path: "/images",
  role: "reader",
  input: z.object({
    model: modelReferenceSchema.optional().describe("Only images that hold this model"),
    ...pageInput,
  }),
  output: pageOf(imageSchema),
  cli: { noun: "image", verb: "list" },
  example: { input: {}, output: { items: [exampleImage], nextPageToken: null } },
});

/** An image is named by its digest or by as many first digits as make it unique. */
const byImage = z.object({
  digest: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/, "is a digest or at least its first 8 digits")
    .describe("Digest of the image, or its first digits"),
});

export const deleteImage = defineOperation({
  id: "delete-image",
  step: "use",
  summary: "Delete an image that no service holds; its versions stay, and a build makes it again",
  method: "DELETE",
  path: "/images/{digest}",
  role: "contributor",
  input: byImage,
  output: z.object({ digest: digestSchema, models: z.array(z.string()) }),
  errors: ["image-not-found", "image-in-use"],
  cli: { noun: "image", verb: "delete", arguments: ["digest"] },
  example: { input: { digest: exampleDigest }, output: { digest: exampleDigest, models: ["digits:1"] } },
});

export const getImage = defineOperation({
  id: "get-image",
  step: "use",
  summary: "Show an image with its manifest and build log",
  method: "GET",
  path: "/images/{digest}",
  role: "reader",
  input: byImage,
  output: imageDetailSchema,
  errors: ["image-not-found"],
  cli: { noun: "image", verb: "show", arguments: ["digest"] },
  example: { input: { digest: exampleDigest }, output: { ...exampleImageDetail, built: false } },
});
