import { z } from "zod";
import { whole } from "./numbers.ts";
import { defineOperation, serviceNameSchema, sinceSchema, timeSchema } from "./operation.ts";

const metricSchema = z.object({
  name: z.string().describe("As scikit-learn names it: accuracy, f1_macro, roc_auc, log_loss, mae, r2, …"),
  value: z.number().nullable().describe("null when these rows cannot tell it"),
  low: z.number().nullable().describe("Lower end of its 95 % interval"),
  high: z.number().nullable(),
});

const measuredSchema = z.object({
  state: z.enum(["ok", "not-enough-labels", "no-labels", "not-numbers"]),
  rows: z.number().int().describe("Rows it was measured on; an even sample when there were too many"),
  metrics: z.array(metricSchema),
  byClass: z
    .array(
      z.object({
        class: z.string(),
        rows: z.number().int().describe("Rows that are of the class"),
        precision: metricSchema,
        recall: metricSchema,
        f1: z.number(),
      }),
    )
    .describe("Of a classifier with at most 100 classes"),
});

const estimatedSchema = z.object({
  state: z.enum(["ok", "not-enough-rows", "no-scores", "not-probabilities"]),
  rows: z.number().int().describe("Rows without a label it was worked out of; an even sample when there were too many"),
  calibrated: z.boolean().describe("Whether the scores were calibrated on rows with labels first"),
  metrics: z.array(metricSchema),
});

const qualitySchema = z.object({
  from: timeSchema,
  to: timeSchema,
  revision: z.number().int().nullable(),
  model: z.string().nullable(),
  rows: z.number().int().describe("Predictions that were kept"),
  labelled: z.number().int().describe("Of them, with a label"),
  coverage: z.number().nullable().describe("Share of the rows with a label"),
  measured: measuredSchema,
  estimated: estimatedSchema.nullable().describe("Of the rows without labels; null for a regression"),
});
export type Quality = z.output<typeof qualitySchema>;

export const cbpeAssumption =
  "Estimates are of rows without labels (CBPE). They hold while the scores are calibrated and only the inputs shift; when what follows from the inputs changes, they do not see it.";

const metric = (name: string, value: number, low: number, high: number) => ({ name, value, low, high });

export const showQuality = defineOperation({
  id: "show-quality",
  step: "monitor",
  summary: "How good the predictions of a service were by its labels, and how good they are likely to be without",
  method: "GET",
  path: "/services/{service}/quality",
  role: "reader",
  input: z.object({
    service: serviceNameSchema,
    since: sinceSchema.default("7d"),
    until: sinceSchema.optional().describe("End, as since; now when left out"),
    window: z
      .string()
      .regex(/^\d+[mhd]$/, "is a span such as 5m, 1h, 1d")
      .optional()
      .describe("One line for each window: 5m, 1h, 1d; a multiple of five minutes. All as one when left out"),
    by: z.enum(["revision", "model"]).optional().describe("One line for each revision or model version"),
    task: z
      .enum(["classification", "regression"])
      .optional()
      .describe("What the values are; told from them when left out"),
    prediction: z.string().max(200).optional().describe("Column of the predictions that labels are compared with"),
    minLabels: whole(2).default(30).describe("Rows with a label, below which nothing is said"),
  }),
  output: z.object({
    service: z.string(),
    task: z.enum(["classification", "regression"]).nullable().describe("null while there are no values"),
    assumption: z.string().nullable().describe("What estimates rest on"),
    items: z.array(qualitySchema),
    unread: z.record(z.string(), z.number().int()).describe("Records and labels that could not be compared, by reason"),
  }),
  errors: ["service-not-found"],
  cli: { noun: "quality", verb: "show", arguments: ["service"] },
  example: {
    input: { service: "digits", since: "7d", by: "model" },
    output: {
      service: "digits",
      task: "classification",
      assumption: null,
      items: [
        {
          from: 1763481600000,
          to: 1764086400000,
          revision: null,
          model: "digits:1",
          rows: 1797,
          labelled: 360,
          coverage: 0.2003,
          measured: {
            state: "ok",
            rows: 360,
            metrics: [metric("accuracy", 0.9694, 0.9463, 0.9828)],
            byClass: [],
          },
          estimated: { state: "no-scores", rows: 0, calibrated: false, metrics: [] },
        },
      ],
      unread: {},
    },
  },
});
