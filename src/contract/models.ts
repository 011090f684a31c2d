import { z } from "zod";
import {
  aliasNameSchema,
  descriptionSchema,
  exampleDetail,
  exampleModel,
  exampleVersion,
  modelSchema,
  modelVersionSchema,
  stageSchema,
} from "./model.ts";
import {
  defineOperation,
  digestSchema,
  keyValueSchema,
  modelNameSchema,
  pageInput,
  pageOf,
  queryBoolean,
  sinceSchema,
  timeSchema,
  versionNumberSchema,
} from "./operation.ts";

const byName = z.object({ name: modelNameSchema });
const byVersion = byName.extend({ version: versionNumberSchema });
const byAlias = byName.extend({ alias: aliasNameSchema });

export const createModel = defineOperation({
  id: "create-model",
  step: "register",
  summary: "Make a model that has no version yet",
  method: "POST",
  path: "/models",
  role: "contributor",
  input: byName.extend({
    description: descriptionSchema.optional(),
    tags: keyValueSchema.default({}).describe("Mutable pairs, key=value"),
  }),
  output: modelSchema,
  errors: ["model-exists"],
  cli: { noun: "model", verb: "create", arguments: ["name"] },
  example: {
    input: { name: "digits", description: exampleModel.description, tags: { team: "vision" } },
    output: { ...exampleModel, aliases: [], latestVersion: null },
  },
});

export const listModelNames = defineOperation({
  id: "list-model-names",
  step: "register",
  summary: "List models by name, with what is said of each as a whole",
  method: "GET",
  path: "/model-names",
  role: "reader",
  input: z.object({
    filter: z.string().max(10_000).optional().describe("Only what fits, for example: tags.team = 'vision'"),
    orderBy: z
      .string()
      .max(200)
      .optional()
      .describe("name, created_at or updated_at, each with ASC or DESC (default: name ASC)"),
    total: queryBoolean.default(false).describe("Also count all that fits"),
    ...pageInput,
  }),
  output: pageOf(modelSchema),
  errors: ["invalid-input"],
  cli: { noun: "model", verb: "names" },
  example: { input: { filter: "alias = 'champion'" }, output: { items: [exampleModel], nextPageToken: null } },
});

export const updateModel = defineOperation({
  id: "update-model",
  step: "register",
  summary: "Change the description and the tags of a model as a whole",
  method: "PATCH",
  path: "/models/{name}",
  role: "contributor",
  input: byName.extend({
    description: descriptionSchema.nullable().optional().describe("New text for people; null removes it"),
    tags: keyValueSchema.default({}).describe("Tags to set, key=value"),
    removeTags: z.array(z.string()).default([]).describe("Keys of tags to remove"),
  }),
  output: modelSchema,
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "update", arguments: ["name"] },
  example: { input: { name: "digits", tags: { team: "vision" } }, output: exampleModel },
});

export const renameModel = defineOperation({
  id: "rename-model",
  step: "register",
  summary: "Give a model another name; its versions, aliases, tags and history move along",
  method: "POST",
  path: "/models/{name}/rename",
  role: "contributor",
  input: byName.extend({ newName: modelNameSchema.describe("The name it gets") }),
  output: modelSchema,
  errors: ["model-not-found", "model-exists", "model-name-used"],
  cli: { noun: "model", verb: "rename", arguments: ["name", "newName"] },
  example: { input: { name: "digits", newName: "numbers" }, output: { ...exampleModel, name: "numbers" } },
});

export const deleteWholeModel = defineOperation({
  id: "delete-whole-model",
  step: "register",
  summary: "Delete a model with all its versions, none of which a service runs",
  method: "DELETE",
  path: "/models/{name}",
  role: "contributor",
  input: byName,
  output: z.object({
    name: z.string(),
    deletedVersions: z.array(z.string()),
    deletedImages: z.array(z.string()),
  }),
  errors: ["model-not-found", "version-in-use", "alias-protected"],
  cli: { noun: "model", verb: "delete-all", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: { name: "digits", deletedVersions: ["digits:1"], deletedImages: [] },
  },
});

export const archiveVersion = defineOperation({
  id: "archive-version",
  step: "register",
  summary: "Hide a version from lists and from new deployments without deleting it",
  method: "POST",
  path: "/models/{name}/versions/{version}/archive",
  role: "contributor",
  input: byVersion,
  output: modelVersionSchema,
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "archive", arguments: ["model"] },
  example: { input: { name: "digits", version: 1 }, output: { ...exampleVersion, archivedAt: 1764000000000 } },
});

export const restoreVersion = defineOperation({
  id: "restore-version",
  step: "register",
  summary: "Bring an archived version back",
  method: "POST",
  path: "/models/{name}/versions/{version}/restore",
  role: "contributor",
  input: byVersion,
  output: modelVersionSchema,
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "restore", arguments: ["model"] },
  example: { input: { name: "digits", version: 1 }, output: exampleVersion },
});

export const setAlias = defineOperation({
  id: "set-alias",
  step: "register",
  summary: "Set an alias, or move it to another version; running services keep the version they were deployed with",
  method: "PUT",
  path: "/models/{name}/aliases/{alias}",
  role: "contributor",
  input: byAlias.extend({
    version: versionNumberSchema,
    protect: z
      .boolean()
      .optional()
      .describe("Whether only the role admin may move and remove it; as it was when left out. Only admin may say it"),
  }),
  output: z.object({
    name: z.string(),
    alias: z.string(),
    version: z.number().int(),
    protected: z.boolean(),
    before: z.number().int().nullable().describe("The version it meant before"),
  }),
  errors: ["model-not-found", "alias-protected", "forbidden"],
  cli: { noun: "model", verb: "alias", arguments: ["name", "alias", "version"] },
  example: {
    input: { name: "digits", alias: "champion", version: 2 },
    output: { name: "digits", alias: "champion", version: 2, protected: false, before: 1 },
  },
});

export const deleteAlias = defineOperation({
  id: "delete-alias",
  step: "register",
  summary: "Remove an alias",
  method: "DELETE",
  path: "/models/{name}/aliases/{alias}",
  role: "contributor",
  input: byAlias,
  output: z.object({ name: z.string(), alias: z.string(), version: z.number().int() }),
  errors: ["model-not-found", "alias-not-found", "alias-protected"],
  cli: { noun: "model", verb: "unalias", arguments: ["name", "alias"] },
  example: {
    input: { name: "digits", alias: "champion" },
    output: { name: "digits", alias: "champion", version: 2 },
  },
});

export const transitionStage = defineOperation({
  id: "transition-stage",
  step: "register",
  summary: "Put a version into a stage of MLflow",
  method: "POST",
  path: "/models/{name}/versions/{version}/stage",
  role: "contributor",
  input: byVersion.extend({
    stage: stageSchema,
    archiveExisting: z
      .boolean()
      .default(false)
      .describe("Put the versions that are in that stage into Archived, in the same step"),
  }),
  output: modelVersionSchema,
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "stage", arguments: ["model", "stage"] },
  example: {
    input: { name: "digits", version: 1, stage: "Production", archiveExisting: true },
    output: { ...exampleVersion, stage: "Production" },
  },
});

const modelHistorySchema = z.object({
  id: z.string(),
  at: timeSchema,
  by: z.string(),
  action: z.string().describe("What was done, such as alias.set, version.created, version.deployed"),
  model: z.string().describe("What the model was called then"),
  version: z.number().int().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type ModelHistoryEntry = z.output<typeof modelHistorySchema>;

export const getModelHistory = defineOperation({
  id: "get-model-history",
  step: "register",
  summary: "Show every change of a model and its versions, newest first",
  method: "GET",
  path: "/models/{name}/history",
  role: "reader",
  input: byName.extend({ version: versionNumberSchema.optional().describe("Only of this version"), ...pageInput }),
  output: pageOf(modelHistorySchema),
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "history", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: {
      items: [
        {
          id: "42",
          at: 1764000000000,
          by: "admin",
          action: "alias.set",
          model: "digits",
          version: 2,
          detail: { alias: "champion", before: 1 },
        },
      ],
      nextPageToken: null,
    },
  },
});

export const whatServed = defineOperation({
  id: "what-served",
  step: "use",
  summary: "Show which versions of a model answered in which services, and when",
  method: "GET",
  path: "/models/{name}/served",
  role: "reader",
  input: byName.extend({
    version: versionNumberSchema.optional().describe("Only this version"),
    at: sinceSchema.optional().describe("Only what answered at this moment: ISO time, or a span back from now"),
    ...pageInput,
  }),
  output: pageOf(
    z.object({
      service: z.string(),
      revision: z.number().int(),
      version: z.number().int(),
      from: timeSchema,
      to: timeSchema.nullable().describe("null: it still answers"),
    }),
  ),
  errors: ["model-not-found"],
  cli: { noun: "model", verb: "served", arguments: ["name"] },
  example: {
    input: { name: "digits", at: "2026-03-03T10:00" },
    output: {
      items: [{ service: "digits", revision: 1, version: 1, from: 1764000000000, to: null }],
      nextPageToken: null,
    },
  },
});

const damageSchema = z.object({
  digest: digestSchema,
  problem: z.enum(["missing", "damaged"]),
  versions: z.array(z.string()).describe("Versions that name these bytes"),
  images: z.array(z.string()).describe("Images that name these bytes"),
  artifacts: z.array(z.string()).describe("Files of runs and logged models that name these bytes"),
  datasets: z.array(z.string()).describe("Data sets that are these bytes, as name@digest"),
  services: z.array(z.string()).describe("Services that run those"),
});
export type Damage = z.output<typeof damageSchema>;

const damagedCopySchema = z.object({
  image: digestSchema,
  path: z.string().describe("Path below the folder of the image"),
  problem: z.enum(["missing", "damaged"]),
  services: z.array(z.string()).describe("Services that hold the image"),
});
export type DamagedCopy = z.output<typeof damagedCopySchema>;

export const verifyRegistry = defineOperation({
  id: "verify-registry",
  step: "register",
  summary: "Read all stored bytes, and the copies laid out for workers, and compare them with their digests",
  method: "POST",
  path: "/registry/verify",
  role: "contributor",
  answer: "progress",
  input: z.object({}),
  output: z.object({
    blobs: z.number().int(),
    bytes: z.number().int().describe("Bytes that were read, those of copies too"),
    problems: z.array(damageSchema),
    copies: z
      .array(damagedCopySchema)
      .describe("Damaged files of images on this machine; the next build or start writes them anew"),
  }),
  cli: { noun: "registry", verb: "verify" },
  example: {
    input: {},
    output: {
      blobs: 1,
      bytes: 6210,
      problems: [
        {
          digest: exampleDetail.digest,
          problem: "damaged",
          versions: ["digits:1"],
          images: [],
          artifacts: [],
          datasets: [],
          services: ["digits"],
        },
      ],
      copies: [],
    },
  },
});
