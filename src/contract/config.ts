import { z } from "zod";
import { imageInput } from "./image.ts";
import { modelNameSchema, modelReferenceSchema, serviceNameSchema } from "./operation.ts";
import { settingsChangeShape, variablesOf } from "./settings.ts";
import { upstreamSchema, upstreamShape } from "./upstream.ts";

// YAML reads 1, true and 3.10 as numbers and booleans; where text is meant they are taken as text.
const textSchema = z.union([z.string(), z.number(), z.boolean()], "is a text").transform(String);
const pairsSchema = z.record(z.string(), textSchema);
const pathSchema = z.string().min(1);

/** A model of the service: files on this machine, or a version that is registered already. */
const modelShape = {
  path: pathSchema.optional().describe("Model file or folder, relative to this file"),
  reference: modelReferenceSchema.optional().describe("Instead of path: a registered model, name or name:version"),
  name: modelNameSchema.optional().describe("Name of the model; the name of the service when left out"),
  description: z.string().optional().describe("Text for people"),
  framework: z.string().optional().describe("Read from the file when left out"),
  frameworkVersion: textSchema.optional().describe("Read from the file when left out"),
  tags: pairsSchema.optional().describe("Mutable pairs of the new version"),
  properties: pairsSchema.optional().describe("Add-only pairs of the new version"),
};
const configModelSchema = z.preprocess(
  (value) => (typeof value === "string" ? { path: value } : value),
  z.strictObject(modelShape).refine((model) => (model.path === undefined) !== (model.reference === undefined), {
    message: "has either path or reference",
  }),
);

/** modelyard.yaml: what `modelyard up` makes true. The descriptions are the documentation (docs/guide/modelyard-yaml.md). */
export const configSchema = z.strictObject({
  name: serviceNameSchema,
  model: configModelSchema
    .optional()
    .describe("The model: a path, or an object with path or reference, name, tags, properties, description, framework"),
  models: z.array(configModelSchema).min(1).optional().describe("Instead of model: several models in one image"),
  script: pathSchema.optional().describe("Entry script with init() and run(raw_data); a model alone needs none"),
  sourceDir: pathSchema.optional().describe("Folder whose files go with the script; without it the script goes alone"),
  requirements: pathSchema.optional().describe("requirements.txt; without it the packages are read from the pickle"),
  conda: pathSchema.optional().describe("Instead of requirements: conda.yml"),
  python: textSchema.pipe(imageInput.python.unwrap()).optional().describe("Version of Python, such as 3.11"),
  sample: pathSchema.optional().describe("A request body that fits; sent to every new revision before it gets traffic"),
  accelerate: imageInput.accelerate,
  upstream: upstreamSchema
    .optional()
    .describe(
      "A server that answers in place of a worker: an object with url or command, health, score, authorizationFile; needs no model",
    ),
  ...settingsChangeShape,
  env: variablesOf(textSchema).optional().describe("Variables for the worker"),
});
export type Config = z.output<typeof configSchema>;
export type ConfigModel = NonNullable<Config["model"]>;

/** The keys that are known in the object at `path` of the document. */
export function knownKeysAt(path: readonly PropertyKey[]): string[] {
  if (path[0] === "upstream") return Object.keys(upstreamShape);
  return Object.keys(path[0] === "model" || path[0] === "models" ? modelShape : configSchema.shape);
}

/** What each key means, for the documentation. */
export const configFields = { config: configSchema.shape, model: modelShape, upstream: upstreamShape };

/** The members that are settings of the service, as its operations take them. */
export const settingNames = Object.keys(settingsChangeShape) as (keyof typeof settingsChangeShape)[];

/** Mistakes that lie between members: the member they are told at, and the text. */
export function conflictsOf(config: Record<string, unknown>): { path: string[]; message: string }[] {
  const has = (name: string) => config[name] !== undefined;
  const mistakes: { path: string[]; message: string }[] = [];
  if (has("model") && has("models")) mistakes.push({ path: ["models"], message: "stands beside model; keep one" });
  for (const name of ["script", "requirements", "conda", "python"])
    if (has("upstream") && has(name)) mistakes.push({ path: [name], message: "stands beside upstream; keep one" });
  if (!has("model") && !has("models") && !has("upstream"))
    mistakes.push({ path: [], message: "model is missing: the path of a model file" });
  if (has("requirements") && has("conda")) {
    mistakes.push({ path: ["conda"], message: "stands beside requirements; keep one" });
  }
  if (has("sourceDir") && !has("script")) mistakes.push({ path: ["sourceDir"], message: "needs script" });
  return mistakes;
}

/** The example of the documentation; a test reads it with the schema. */
export const exampleConfig = {
  name: "digits",
  model: {
    path: "model.pkl",
    name: "digits",
    description: "Logistic regression on the digits data",
    tags: { team: "vision" },
    properties: { accuracy: "0.97" },
  },
  script: "score.py",
  sourceDir: "src",
  requirements: "requirements.txt",
  python: "3.11",
  sample: "sample.json",
  accelerate: "auto",
  target: "process",
  env: { OMP_NUM_THREADS: "1" },
  timeoutMs: 60_000,
  replicas: 1,
  memoryMb: 2000,
  auth: "key",
  maxBodyBytes: 100_000_000,
  maxConcurrentRequests: 1024,
  maxQueueWaitMs: 3_600_000,
  record: "sample:0.1",
  recordDays: 30,
  recordMb: 0,
  recordAlso: ["errors", "low-confidence:0.6"],
  recordFields: { email: "hmac", card: "mask:4", age: "bucket:10" },
  collect: "on",
  corsOrigins: ["https://shop.example"],
} as const satisfies z.input<typeof configSchema>;
