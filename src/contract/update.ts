import { z } from "zod";
import { whole } from "./numbers.ts";
import { defineOperation, pageInput, pageOf, queryBoolean, serviceNameSchema, timeSchema } from "./operation.ts";
import { settingsChangeShape } from "./settings.ts";
import { deploymentErrors, exampleService, imageSource, serviceSchema } from "./use.ts";

const differenceSchema = z.object({ what: z.string(), from: z.string().nullable(), to: z.string().nullable() });
export type Difference = z.output<typeof differenceSchema>;

const updateResultSchema = z.object({
  changed: z.boolean().describe("False when the service already was as asked, and in a dry run"),
  differences: z.array(differenceSchema),
  service: serviceSchema,
});

const historyEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  action: z.enum(["deploy", "update", "roll-back", "stop", "start", "delete", "regenerate-key"]),
  outcome: z.enum(["running", "done", "failed"]),
  revision: z.number().int().nullable(),
  by: z.string(),
  reason: z.string().nullable(),
  differences: z.array(differenceSchema),
  error: z.string().nullable(),
});
export type HistoryEntry = z.output<typeof historyEntrySchema>;

const byName = z.object({ name: serviceNameSchema });
const exampleDifferences = [{ what: "models", from: "digits:1", to: "digits:2" }];

export const updateService = defineOperation({
  id: "update-service",
  step: "update",
  summary: "Move a service to a new revision without losing a request; its URL and keys stay",
  method: "PATCH",
  path: "/services/{name}",
  role: "contributor",
  answer: "progress",
  input: byName.extend({
    ...imageSource,
    ...settingsChangeShape,
    dryRun: z.boolean().default(false).describe("Only show what would change"),
    reason: z.string().max(2000).optional().describe("Why, for the history"),
  }),
  output: updateResultSchema,
  errors: [...deploymentErrors, "service-not-found", "service-stopped"],
  cli: { noun: "service", verb: "update", arguments: ["name"] },
  example: {
    input: { name: "digits", models: ["digits:2"], reason: "retrained on November's data" },
    output: {
      changed: true,
      differences: exampleDifferences,
      service: { ...exampleService, revision: 2, models: ["digits:2"] },
    },
  },
});

export const rollBackService = defineOperation({
  id: "roll-back-service",
  step: "update",
  summary: "Go back to an earlier revision's image and settings, as a new revision",
  method: "POST",
  path: "/services/{name}/rollback",
  role: "contributor",
  answer: "progress",
  input: byName.extend({
    to: whole(1).optional().describe("Revision to go back to; the one that served before when left out"),
    dryRun: z.boolean().default(false).describe("Only show what would change"),
    reason: z.string().max(2000).optional().describe("Why, for the history"),
  }),
  output: updateResultSchema,
  errors: [...deploymentErrors, "service-not-found", "service-stopped", "revision-not-found", "nothing-to-roll-back"],
  cli: { noun: "service", verb: "rollback", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: {
      changed: true,
      differences: [{ what: "models", from: "digits:2", to: "digits:1" }],
      service: { ...exampleService, revision: 3 },
    },
  },
});

const exampleEntry = {
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f",
  at: 1764000000000,
  action: "update" as const,
  outcome: "done" as const,
  revision: 2,
  by: "admin",
  reason: "retrained on November's data",
  differences: exampleDifferences,
  error: null,
};

export const getServiceHistory = defineOperation({
  id: "get-service-history",
  step: "update",
  summary: "Show who changed a service, when, why and what, newest first",
  method: "GET",
  path: "/services/{name}/history",
  role: "reader",
  input: byName.extend(pageInput),
  output: pageOf(historyEntrySchema),
  errors: ["service-not-found"],
  cli: { noun: "service", verb: "history", arguments: ["name"] },
  example: {
    input: { name: "digits" },
    output: { items: [exampleEntry], nextPageToken: null },
  },
});

const changeSchema = historyEntrySchema.extend({ service: serviceNameSchema });
export type Change = z.output<typeof changeSchema>;

export const listChanges = defineOperation({
  id: "list-changes",
  step: "update",
  summary: "List the changes of all services, newest first: who, when, why and what",
  method: "GET",
  path: "/service-changes",
  role: "reader",
  input: z.object({
    outcome: historyEntrySchema.shape.outcome.optional().describe("Only those that still run, are done, or failed"),
    newest: queryBoolean.default(false).describe("Only the newest of each service"),
    ...pageInput,
  }),
  output: pageOf(changeSchema),
  cli: { noun: "service", verb: "changes" },
  example: {
    input: { newest: true },
    output: { items: [{ ...exampleEntry, service: "digits" }], nextPageToken: null },
  },
});
