import { z } from "zod";
import { datasetReferenceSchema } from "./datasets.ts";
import { decimal } from "./numbers.ts";
import {
  digestSchema,
  fileSchema,
  keyValueSchema,
  modelNameSchema,
  modelReferenceSchema,
  timeSchema,
} from "./operation.ts";

/** The stages MLflow knows. */
export const stages = ["None", "Staging", "Production", "Archived"] as const;
export const stageSchema = z.enum(stages).describe("Stage, as MLflow names them");
export type Stage = (typeof stages)[number];

export const aliasNameSchema = z
  .string()
  .max(255)
  .regex(/^[\w-]+$/, "may have letters, digits, _ and - only")
  .refine((alias) => !/^(latest|v\d+)$/i.test(alias), "is reserved: latest and v<number> mean versions already")
  .describe("Movable name of a version, such as champion");

export const descriptionSchema = z.string().max(20_000).describe("Text for people, Markdown");

/** Names and finite numbers; the command line gives them as text. */
export const metricsSchema = z.record(z.string().min(1).max(250), decimal);

const text = z.string().min(1).max(2000).optional();
const originSchema = z
  .object({
    server: text.describe("URL of that server"),
    reference: z.string().min(1).max(2000).describe("What the version was called there: `name:version`"),
    createdAt: timeSchema,
    createdBy: z.string().max(300).nullable(),
    parent: text.describe("Version it was trained from, as that one was called there"),
  })
  .describe("The version on another server that it was imported from");
export type Origin = z.output<typeof originSchema>;

export const lineageSchema = z
  .object({
    gitCommit: text.describe("Commit of the code that trained it"),
    gitRemote: text.describe("Where that code is"),
    runId: text.describe("Run that made it"),
    runLink: text.describe("Page of that run"),
    loggedModel: text.describe("Logged model of MLflow it was made of"),
    trainingData: text.describe("Digest or name of the data it was trained on"),
    parent: modelReferenceSchema.optional().describe("Version it was trained from"),
    dataset: datasetReferenceSchema.optional().describe("Data set it was trained on: name, or name@digest"),
    origin: originSchema.optional(),
  })
  .describe("Where it comes from");
/** What was told at the registration, and what the server saw of it. */
const keptLineageSchema = lineageSchema.extend({
  registeredFrom: text.describe("Program that registered it, and its address when that was another machine"),
});
export type Lineage = z.output<typeof keptLineageSchema>;

const fieldSchema = z.object({
  name: z.string().max(1000).nullable().default(null),
  type: z.string().max(100).describe("For example double, float32, string, tensor"),
  shape: z.array(z.number().int().nullable()).max(32).nullable().default(null).describe("null or -1: any length"),
  pii: z
    .boolean()
    .optional()
    .describe("Personal data: not written to records until a rule of the service says otherwise"),
});
export type SignatureField = z.output<typeof fieldSchema>;
export const paramSchema = z.object({
  name: z.string().max(1000),
  type: z.string().max(100).describe("For example double, string, object"),
  shape: z.array(z.number().int().nullable()).max(32).nullable().default(null).describe("As of a field"),
  default: z.unknown().describe("JSON; what a request has that leaves it out"),
});
export type SignatureParam = z.output<typeof paramSchema>;
export const modelSignatureSchema = z
  .object({
    inputs: z.array(fieldSchema).max(10_000),
    outputs: z.array(fieldSchema).max(10_000).nullable().default(null),
    params: z.array(paramSchema).max(1000).optional().describe("What requests may set beside their rows"),
  })
  .describe("What it takes and gives");
export type ModelSignature = z.output<typeof modelSignatureSchema>;

const sampleText = z.string().max(1_000_000).optional();
export const modelSampleSchema = z
  .object({
    input: sampleText.describe("A request body that fits"),
    output: sampleText.describe("What the model answered to it"),
  })
  .describe("Sample input and output");
export type ModelSample = z.output<typeof modelSampleSchema>;

export const modelVersionSchema = z.object({
  name: modelNameSchema,
  version: z.number().int(),
  reference: z.string().describe("`name:version`"),
  description: z.string().nullable(),
  framework: z.string().nullable(),
  frameworkVersion: z.string().nullable(),
  digest: digestSchema.describe("SHA-256 over the paths and digests of all files"),
  size: z.number().int().describe("Bytes of all files"),
  source: z.string().nullable().describe("Where the files came from, when that was said"),
  external: z.boolean().describe("Whether the bytes are only at the source and not here"),
  stage: stageSchema,
  aliases: z.array(z.string()),
  tags: keyValueSchema,
  properties: keyValueSchema,
  metrics: z.record(z.string(), z.number()),
  lineage: keptLineageSchema,
  archivedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  createdBy: z.string(),
  updatedAt: timeSchema.describe("When its description, stage or name changed last"),
});
export type ModelVersion = z.output<typeof modelVersionSchema>;

export const modelDetailSchema = modelVersionSchema.extend({
  files: z.array(fileSchema),
  services: z.array(z.string()).describe("Services that run it now"),
  flavors: z.array(z.string()).describe("Ways to load it that MLflow wrote into its MLmodel file"),
  params: z
    .record(z.string(), z.string())
    .describe("Parameters of its training, as clients of MLflow logged them to its run and its logged model"),
  signature: modelSignatureSchema.nullable(),
  sample: modelSampleSchema.nullable(),
  reading: z
    .object({
      rootClass: z.string().nullable(),
      columns: z.number().int().nullable(),
      classes: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
      globals: z.array(z.string()),
    })
    .nullable()
    .describe("What the file shows without being executed"),
});
export type ModelDetail = z.output<typeof modelDetailSchema>;

/** A model: the name with all that is said of it as a whole. */
export const modelSchema = z.object({
  name: modelNameSchema,
  description: z.string().nullable(),
  tags: keyValueSchema,
  aliases: z.array(z.object({ alias: z.string(), version: z.number().int(), protected: z.boolean() })),
  latestVersion: z.number().int().nullable().describe("Its highest version that is not archived; null without one"),
  createdAt: timeSchema,
  createdBy: z.string(),
  updatedAt: timeSchema.describe("When its name, description or versions changed last"),
});
export type Model = z.output<typeof modelSchema>;

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
export const exampleVersion = {
  name: "digits",
  version: 1,
  reference: "digits:1",
  description: "Logistic regression on the digits data",
  framework: "ScikitLearn",
  frameworkVersion: "1.7.2",
  digest,
  size: 6210,
  source: null,
  external: false,
  stage: "None" as const,
  aliases: ["champion"],
  tags: { team: "vision" },
  properties: { seed: "7" },
  metrics: { accuracy: 0.97 },
  lineage: {
    gitCommit: "1174f91",
    gitRemote: "https://git.example/vision/digits.git",
    registeredFrom: "modelyard-cli/0.1.0",
  },
  archivedAt: null,
  createdAt: 1764000000000,
  createdBy: "admin",
  updatedAt: 1764000000000,
};
export const exampleFiles = [{ path: "model.pkl", digest, size: 6210 }];
export const exampleDetail = {
  ...exampleVersion,
  files: exampleFiles,
  services: ["digits"],
  flavors: [],
  params: {},
  signature: { inputs: [{ name: null, type: "double", shape: [null, 64] }], outputs: null },
  sample: null,
  reading: {
    rootClass: "sklearn.linear_model._logistic.LogisticRegression",
    columns: 64,
    classes: [0, 1, 2],
    globals: ["sklearn.linear_model._logistic.LogisticRegression"],
  },
};
export const exampleModel = {
  name: "digits",
  description: "Which digit a picture shows",
  tags: { team: "vision" },
  aliases: [{ alias: "champion", version: 1, protected: false }],
  latestVersion: 1,
  createdAt: 1764000000000,
  createdBy: "admin",
  updatedAt: 1764000000000,
};
