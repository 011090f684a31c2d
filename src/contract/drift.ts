import { z } from "zod";
import { whole } from "./numbers.ts";
import { defineOperation, digestSchema, serviceNameSchema, sinceSchema, timeSchema } from "./operation.ts";

const spanSchema = z.string().regex(/^\d+[mhd]$/, "is a span such as 30m, 1h, 7d");

export const baselineFileSchema = z
  .object({
    digest: digestSchema,
    format: z.enum(["csv", "parquet"]),
    target: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Column with what the model predicts; a baseline for predictions"),
  })
  .describe("Rows the model was trained on, uploaded before; their profile is kept, not the rows");
export type BaselineFile = z.output<typeof baselineFileSchema>;

const sideSchema = z.enum(["inputs", "predictions"]);
const kindSchema = z.enum(["number", "category"]);

const sourceSchema = z.object({
  of: z.string().describe("Whose baseline it is: services/<name>, or models/<name>/versions/<n>"),
  file: z.string().nullable().describe("SHA-256 of the file its rows came from"),
  since: timeSchema.nullable().describe("Or the window of this service's own past"),
  until: timeSchema.nullable(),
  rows: z.number().int(),
  columns: z.number().int(),
  importance: z
    .record(z.string(), z.number())
    .describe("Weights of this side's columns in the score of drift; empty: all weigh alike"),
  createdAt: timeSchema,
  createdBy: z.string(),
});
export type BaselineSummary = z.output<typeof sourceSchema>;

const baselinesSchema = z.object({ inputs: sourceSchema.nullable(), predictions: sourceSchema.nullable() });

const signalSchema = z.object({
  kind: z.enum(["missing", "unseen-category", "type-error", "out-of-range", "infinite", "constant"]),
  count: z.number().int().describe("Rows it is true of"),
  share: z.number(),
  baselineShare: z.number().describe("The share that the baseline leads to expect"),
  examples: z.array(z.string()),
});

const columnSchema = z.object({
  side: sideSchema,
  column: z.string(),
  kind: kindSchema,
  state: z
    .enum(["drifting", "suspected", "steady", "not-enough-data"])
    .describe(
      "drifting: differs in k of the last m windows; suspected: in the newest of them with enough data, and not often enough before",
    ),
  rows: z
    .number()
    .int()
    .describe("Values that can be compared: of the window that `test` is of, without one of the last"),
  baselineRows: z.number().int(),
  test: z
    .object({ name: z.string(), statistic: z.number(), pValue: z.number(), adjustedP: z.number() })
    .nullable()
    .describe(
      "Of the last window with enough data among the m that make the state; adjusted over the columns (Benjamini and Hochberg)",
    ),
  effect: z
    .object({
      name: z.string(),
      value: z.number().describe("How far apart"),
      band: z.number().describe("What 95 of 100 undrifted windows of these sizes stay below"),
    })
    .nullable(),
  effects: z.array(z.number().nullable()).describe("The effect in each window; null where there is not enough data"),
  bands: z.array(z.number().nullable()).describe("The band of each window's effect: fewer rows have a wider one"),
  signals: z.array(signalSchema).describe("Of the last window with rows"),
});
export type DriftColumn = z.output<typeof columnSchema>;

const sideReport = z.object({
  score: z.number().nullable().describe("Share of columns that drift, by importance; null without enough data"),
  columns: z.array(columnSchema),
});

const shares = { baseline: z.number().describe("Share of the baseline's values"), current: z.number() };

const distributionSchema = z.object({
  side: sideSchema,
  column: z.string(),
  kind: kindSchema,
  from: timeSchema.describe("The last window with rows"),
  to: timeSchema,
  baselineRows: z.number().int().describe("Values of the baseline"),
  rows: z.number().int().describe("Values of the window"),
  bins: z
    .array(z.object({ above: z.number().nullable(), upTo: z.number().nullable(), ...shares }))
    .describe("Of numbers: the bins that the baseline fixed; null: open"),
  values: z
    .array(z.object({ value: z.string().nullable().describe("null: all others"), ...shares }))
    .describe("Of categories: those of the baseline first"),
});

const reportSchema = z.object({
  service: z.string(),
  revision: z.number().int().nullable().describe("The one revision that was asked for"),
  window: z.string().describe("Length of a window"),
  confirm: z.number().int().describe("k of the m windows that make a drift"),
  of: z.number().int(),
  windows: z.array(z.object({ from: timeSchema, to: timeSchema, rows: z.number().int() })).describe("Oldest first"),
  baseline: baselinesSchema,
  inputs: sideReport,
  predictions: sideReport.nullable().describe("null without a baseline for predictions"),
  segments: z
    .array(z.object({ value: z.string(), rows: z.number().int(), share: z.number(), inputs: sideReport }))
    .nullable()
    .describe("With `by`: rows of each value, as the samples of windows and baseline have them; most frequent first"),
  newColumns: z.array(z.string()).describe("Columns of requests that the baseline does not have"),
  redacted: z
    .array(z.string())
    .describe("Columns that are not compared, as rules of the service change what is kept of them"),
  distributions: z.array(distributionSchema).describe("With `distribution`: of that column, for each side that has it"),
});
export type DriftReport = z.output<typeof reportSchema>;

const exampleSource = {
  of: "models/digits/versions/1",
  file: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  since: null,
  until: null,
  rows: 1797,
  columns: 64,
  importance: {},
  createdAt: 1764000000000,
  createdBy: "ci",
};
const exampleColumn = {
  side: "inputs" as const,
  column: "age",
  kind: "number" as const,
  state: "drifting" as const,
  rows: 812,
  baselineRows: 1797,
  test: { name: "ks:bins", statistic: 0.21, pValue: 1e-12, adjustedP: 4e-11 },
  effect: { name: "wasserstein:bins", value: 0.41, band: 0.07 },
  effects: [0.04, 0.38, 0.41],
  bands: [0.07, 0.07, 0.07],
  signals: [{ kind: "missing" as const, count: 230, share: 0.28, baselineShare: 0.01, examples: [] }],
};

export const showDrift = defineOperation({
  id: "show-drift",
  step: "monitor",
  summary: "Compare what a service was asked and answered with its baseline, window by window",
  method: "GET",
  path: "/services/{service}/drift",
  role: "reader",
  input: z.object({
    service: serviceNameSchema,
    since: sinceSchema.optional().describe("Begin of the windows: ISO time or a span back (default: eight windows)"),
    until: sinceSchema.optional().describe("End of the windows (default: now)"),
    window: spanSchema
      .optional()
      .describe("Length of a window (default: the shortest of 1h, 6h, 1d, 7d that has 200 rows on average)"),
    revision: whole(1).optional().describe("Only what this revision answered"),
    by: z.string().max(500).optional().describe("Compare the rows of each value of this column apart"),
    distribution: z
      .string()
      .max(500)
      .optional()
      .describe("Also how the values of this column are spread in the baseline and in the last window with rows"),
    importance: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe(
        "Weight of a column in the score, column=number, in place of the baseline's; may be repeated. Columns of the same side without one weigh nothing",
      ),
    confirm: z
      .string()
      .regex(/^[1-9]\d?\/[1-9]\d?$/, "is k/m, such as 2/3")
      .default("2/3")
      .describe("A column drifts when it differs in k of the last m windows"),
  }),
  output: reportSchema,
  errors: ["service-not-found", "revision-not-found", "baseline-not-found", "records-off"],
  cli: { noun: "drift", verb: "show", arguments: ["service"] },
  example: {
    input: { service: "digits", window: "1h" },
    output: {
      service: "digits",
      revision: null,
      window: "1h",
      confirm: 2,
      of: 3,
      windows: [
        { from: 1763989200000, to: 1763992800000, rows: 790 },
        { from: 1763992800000, to: 1763996400000, rows: 803 },
        { from: 1763996400000, to: 1764000000000, rows: 812 },
      ],
      baseline: { inputs: exampleSource, predictions: null },
      inputs: { score: 1, columns: [exampleColumn] },
      predictions: null,
      segments: null,
      newColumns: [],
      redacted: [],
      distributions: [],
    },
  },
});

const valueShareSchema = z.object({ value: z.string(), share: z.number() });

const profileColumnSchema = z.object({
  side: sideSchema,
  column: z.string(),
  rows: z.number().int(),
  missing: z.number().int().describe("null, NaN or no such column in the row"),
  infinite: z.number().int(),
  numbers: z.number().int().describe("Finite ones"),
  texts: z.number().int(),
  booleans: z.number().int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable().describe("Standard deviation, n − 1 in the denominator"),
  quantiles: z
    .object({ p05: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number() })
    .nullable()
    .describe("Of the sampled rows"),
  distinct: z.number().int().describe("Exact for few, an estimate for many"),
  top: z.array(valueShareSchema).describe("Most frequent values among the sampled rows, where values repeat"),
});
export type ProfileColumn = z.output<typeof profileColumnSchema>;

export const showProfile = defineOperation({
  id: "show-profile",
  step: "monitor",
  summary: "Show what the columns of a service's requests and answers held",
  method: "GET",
  path: "/services/{service}/profile",
  role: "reader",
  input: z.object({
    service: serviceNameSchema,
    since: sinceSchema.default("1d"),
    until: sinceSchema.optional().describe("ISO time, or a span back from now (default: now)"),
    revision: whole(1).optional().describe("Only what this revision answered"),
  }),
  output: z.object({
    service: z.string(),
    from: timeSchema,
    to: timeSchema,
    rows: z.number().int(),
    columns: z.array(profileColumnSchema),
  }),
  errors: ["service-not-found", "revision-not-found"],
  cli: { noun: "profile", verb: "show", arguments: ["service"] },
  example: {
    input: { service: "digits", since: "1h" },
    output: {
      service: "digits",
      from: 1763996400000,
      to: 1764000000000,
      rows: 812,
      columns: [
        {
          ...{ side: "inputs" as const, column: "age", rows: 812, missing: 230, infinite: 0, numbers: 582 },
          ...{ texts: 0, booleans: 0, min: 18, max: 91, mean: 44.1, deviation: 12.2, distinct: 70, top: [] },
          quantiles: { p05: 24, p25: 35, p50: 44, p75: 53, p95: 65 },
        },
      ],
    },
  },
});

export const setBaseline = defineOperation({
  id: "set-baseline",
  step: "monitor",
  summary: "Fix what a service is compared with: a window of its own past, or a file",
  method: "PUT",
  path: "/services/{service}/baseline",
  role: "contributor",
  input: z.object({
    service: serviceNameSchema,
    since: sinceSchema.optional().describe("Begin of the window"),
    until: sinceSchema.optional().describe("End of the window (default: now)"),
    file: baselineFileSchema.optional().describe("In place of a window"),
    importance: z
      .record(z.string().min(1).max(500), z.number().min(0))
      .optional()
      .describe(
        "Weights of columns in the score of drift; columns of the same side (inputs, predictions) without one weigh nothing. Without a window and a file: of the baseline that holds for the service",
      ),
  }),
  output: baselinesSchema.extend({
    leftOut: z
      .array(z.string())
      .describe("Columns of the file that are not compared, as the service can be sent none of that name"),
  }),
  errors: ["service-not-found", "blob-not-found", "baseline-too-small", "baseline-not-found", "records-off"],
  cli: { noun: "baseline", verb: "set", arguments: ["service"] },
  example: {
    input: { service: "digits", since: "14d", until: "7d" },
    output: {
      inputs: { ...exampleSource, of: "services/digits", file: null, since: 1762790400000, until: 1763395200000 },
      predictions: null,
      leftOut: [],
    },
  },
});

export const removeBaseline = defineOperation({
  id: "remove-baseline",
  step: "monitor",
  summary: "Compare a service with the baseline of its model's version again",
  method: "DELETE",
  path: "/services/{service}/baseline",
  role: "contributor",
  input: z.object({ service: serviceNameSchema }),
  output: z.object({ service: z.string() }),
  errors: ["service-not-found", "baseline-not-found"],
  cli: { noun: "baseline", verb: "remove", arguments: ["service"] },
  example: { input: { service: "digits" }, output: { service: "digits" } },
});
