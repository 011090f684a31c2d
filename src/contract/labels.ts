import { z } from "zod";
import { whole } from "./numbers.ts";
import { defineOperation, pageInput, pageOf, serviceNameSchema, sinceSchema, timeSchema } from "./operation.ts";

const labelValueSchema = z.union([z.number(), z.string().max(10_000), z.boolean()]);
/** What was true: a number of a regression, or a class. */
export type LabelValue = z.output<typeof labelValueSchema>;

/** An empty text is a cell that nobody filled. */
const toldValueSchema = z.union([
  z.number(),
  z.string().max(10_000).regex(/\S/, "is empty, and no label"),
  z.boolean(),
]);

const idSchema = z.string().min(1).max(200).describe("Request id of the record (x-ms-request-id of the answer)");
const rowSchema = whole(0, 10_000_000).describe("Row of the request, counted from 0");
const whenKnown = "is an ISO time with its zone, such as 2026-01-31T12:00:00Z, or milliseconds since 1970";
const atSchema = z
  .union([timeSchema, z.iso.datetime({ offset: true, error: whenKnown })], { error: whenKnown })
  .describe("When it became known: ISO time, or milliseconds since 1970-01-01 UTC");
const valueSchema = z
  .union([toldValueSchema, z.array(toldValueSchema).min(1).max(100_000)], {
    error: "is a number, a text, true or false, or a list of those, one for each row",
  })
  .describe("What was true; a list has one for each row of the request");

export const newLabelSchema = z.strictObject({
  id: idSchema,
  value: valueSchema,
  row: rowSchema.optional(),
  at: atSchema.optional(),
});
export type NewLabel = z.output<typeof newLabelSchema>;

const outcome = {
  added: z.number().int().describe("Labels that are new"),
  changed: z.number().int().describe("Labels that replaced another value"),
  unchanged: z.number().int().describe("Labels that were there already"),
  waiting: z.number().int().describe("Of these, labels whose record is not here yet"),
  waitingIds: z.array(z.string()).describe("The first 10 of their ids"),
  beyond: z.number().int().describe("Of these, labels of rows that the request of their id does not have"),
  beyondIds: z.array(z.string()).describe("The first 10 of their ids"),
  erased: z.number().int().describe("Labels that were not kept, as the records of their id were erased"),
};
const outcomeSchema = z.object(outcome);
export type LabelOutcome = z.output<typeof outcomeSchema>;

const exampleId = "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f";

export const addLabels = defineOperation({
  id: "add-labels",
  step: "monitor",
  summary: "Tell what was true of recorded requests: one label, or many; before its record or long after it",
  method: "POST",
  path: "/labels",
  role: "scorer",
  input: z.object({
    service: serviceNameSchema,
    id: idSchema.optional(),
    value: valueSchema.optional(),
    row: rowSchema.optional(),
    at: atSchema.optional(),
    labels: z.array(newLabelSchema).max(10_000).optional().describe("Many, in place of one"),
  }),
  output: outcomeSchema,
  errors: ["service-not-found"],
  cli: { noun: "label", verb: "add", arguments: ["service", "id", "value"] },
  example: {
    input: { service: "digits", labels: [{ id: exampleId, value: 7 }] },
    output: { added: 1, changed: 0, unchanged: 0, waiting: 0, waitingIds: [], beyond: 0, beyondIds: [], erased: 0 },
  },
});

export const importLabels = defineOperation({
  id: "import-labels",
  step: "monitor",
  summary: "Add the labels of a CSV or JSONL file with id, value, and where needed row and at; it is streamed",
  method: "POST",
  path: "/labels-import",
  role: "scorer",
  body: "bytes",
  input: z.object({
    service: serviceNameSchema,
    format: z.enum(["csv", "jsonl"]).default("csv").describe("csv with a header, or jsonl"),
  }),
  output: outcomeSchema,
  errors: ["service-not-found", "labels-invalid", "labels-empty"],
  cli: { noun: "label", verb: "import", arguments: ["file"] },
  example: {
    input: { service: "digits", format: "csv" },
    output: { added: 360, changed: 0, unchanged: 0, waiting: 0, waitingIds: [], beyond: 0, beyondIds: [], erased: 0 },
  },
});

const labelSchema = z.object({
  service: z.string(),
  id: z.string(),
  row: z.number().int(),
  value: labelValueSchema,
  at: timeSchema.nullable().describe("When it became known, as it was told"),
  addedAt: timeSchema,
  changedAt: timeSchema.describe("When it got this value here"),
  by: z.string().describe("Name of the token that told it"),
  hasRecord: z
    .boolean()
    .describe(
      "Whether a request of this id, with this row, is kept; if not, it has not come yet, was not kept, or is gone",
    ),
});
export type Label = z.output<typeof labelSchema>;

export const listLabels = defineOperation({
  id: "list-labels",
  step: "monitor",
  summary: "List labels, those that changed last first",
  method: "GET",
  path: "/labels",
  role: "reader",
  input: z.object({
    service: serviceNameSchema.optional().describe("Only of this service"),
    id: idSchema.optional().describe("Only of this request"),
    since: sinceSchema.optional(),
    ...pageInput,
  }),
  output: pageOf(labelSchema),
  errors: ["record-file-damaged", "service-not-found"],
  cli: { noun: "label", verb: "list" },
  example: {
    input: { service: "digits" },
    output: {
      items: [
        {
          service: "digits",
          id: exampleId,
          row: 0,
          value: 7,
          at: null,
          addedAt: 1764086400000,
          changedAt: 1764086400000,
          by: "admin",
          hasRecord: true,
        },
      ],
      nextPageToken: null,
    },
  },
});
