import { z } from "zod";
import { exampleTotals, usagePointSchema, usageSteps, usageTotalsShape } from "./monitor.ts";
import { defineOperation, pageInput, pageOf, serviceNameSchema, sinceSchema, timeSchema } from "./operation.ts";

const alertNameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(
    /^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$/,
    "has lower-case letters, digits, - _ and ., and begins and ends with a letter or digit",
  )
  .describe("Name of the alert");

const conditionSchema = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}*$/u, "may not have control characters")
  .describe("Condition, such as `p95 > 200ms for 5m` (docs/guide/alerts.md)");

const alertStates = ["ok", "pending", "firing"] as const;
export type AlertState = (typeof alertStates)[number];

const measuredSchema = z.object({
  signal: z.string().describe("As in the condition, with its argument"),
  value: z.number().nullable().describe("Times in ms, shares as 0 to 1, rates a second; null: not enough data"),
  text: z.string().describe("The value for people"),
  verdict: z
    .enum(["breached", "between", "clear"])
    .describe("between: it fires no more, and is not back beyond the clear value"),
});
export type Measured = z.output<typeof measuredSchema>;

const alertReplaySchema = z.object({
  from: timeSchema,
  to: timeSchema,
  everyMs: z
    .number()
    .int()
    .describe("Looks are so far apart: the longer the time and the dearer the signals, the further"),
  firings: z.number().int().describe("How often it would have fired"),
  firingMs: z.number().int().describe("For how long in all"),
  state: z.enum(alertStates).describe("At the end"),
  changes: z.array(z.object({ at: timeSchema, state: z.enum(alertStates), measured: z.array(measuredSchema) })),
  moreChanges: z.number().int().describe("Changes after the first 500, which are not listed"),
});
export type AlertReplay = z.output<typeof alertReplaySchema>;

const alertStatusSchema = z.object({
  service: z.string(),
  state: z.enum(alertStates),
  since: timeSchema.describe("When it came to this state"),
  measured: z.array(measuredSchema).describe("What was last seen, one for each comparison"),
  evaluatedAt: timeSchema,
});

const alertSchema = z.object({
  name: z.string(),
  when: z.string(),
  service: z.string().nullable().describe("null: every service, each with a state of its own"),
  description: z.string().nullable(),
  silencedUntil: timeSchema.nullable().describe("Until then it is evaluated and tells nothing"),
  silenceReason: z.string().nullable(),
  createdAt: timeSchema,
  createdBy: z.string(),
  services: z.array(alertStatusSchema).describe("Its state for each service that runs"),
});
export type Alert = z.output<typeof alertSchema>;

const exampleMeasured: Measured = { signal: "p95", value: 251.3, text: "251 ms", verdict: "breached" };
const exampleAlert: Alert = {
  name: "slow",
  when: "p95 > 200ms clear 150ms for 5m",
  service: "digits",
  description: null,
  silencedUntil: null,
  silenceReason: null,
  createdAt: 1764000000000,
  createdBy: "admin",
  services: [
    {
      ...{ service: "digits", state: "firing", since: 1764000900000 },
      ...{ measured: [exampleMeasured], evaluatedAt: 1764000930000 },
    },
  ],
};
const byName = z.object({ name: alertNameSchema });

export const createAlert = defineOperation({
  id: "create-alert",
  step: "monitor",
  summary: "Watch a service, or every service, and write events when a condition holds and when it is over",
  method: "POST",
  path: "/alerts",
  role: "contributor",
  input: byName.extend({
    when: conditionSchema,
    service: serviceNameSchema.optional().describe("Service to watch; without it every service, each by itself"),
    description: z.string().max(1000).optional().describe("Text for people, told with each event"),
  }),
  output: alertSchema,
  errors: ["condition-invalid", "alert-exists", "service-not-found"],
  cli: { noun: "alert", verb: "create", arguments: ["name"] },
  example: {
    input: { name: "slow", when: exampleAlert.when, service: "digits" },
    output: { ...exampleAlert, services: [] },
  },
});

export const listAlerts = defineOperation({
  id: "list-alerts",
  step: "monitor",
  summary: "List alerts with their states",
  method: "GET",
  path: "/alerts",
  role: "reader",
  input: z.object({
    service: serviceNameSchema.optional().describe("Only those that watch this service"),
    state: z.enum(alertStates).optional().describe("Only those in this state for a service"),
    ...pageInput,
  }),
  output: pageOf(alertSchema),
  cli: { noun: "alert", verb: "list" },
  example: { input: {}, output: { items: [exampleAlert], nextPageToken: null } },
});

export const getAlert = defineOperation({
  id: "get-alert",
  step: "monitor",
  summary: "Show an alert with its state and what was last seen, for each service",
  method: "GET",
  path: "/alerts/{name}",
  role: "reader",
  input: byName,
  output: alertSchema,
  errors: ["alert-not-found"],
  cli: { noun: "alert", verb: "show", arguments: ["name"] },
  example: { input: { name: "slow" }, output: exampleAlert },
});

export const deleteAlert = defineOperation({
  id: "delete-alert",
  step: "monitor",
  summary: "Delete an alert; what fires is over without another word",
  method: "DELETE",
  path: "/alerts/{name}",
  role: "contributor",
  input: byName,
  output: byName,
  errors: ["alert-not-found"],
  cli: { noun: "alert", verb: "delete", arguments: ["name"] },
  example: { input: { name: "slow" }, output: { name: "slow" } },
});

export const silenceAlert = defineOperation({
  id: "silence-alert",
  step: "monitor",
  summary: "Keep an alert silent for a while; what has changed is told when that ends",
  method: "POST",
  path: "/alerts/{name}/silence",
  role: "contributor",
  input: byName.extend({
    for: z
      .string()
      .regex(/^\d{1,5}[smhd]$/, "is a span such as 2h or 30m; 0m ends a silence")
      .describe("How long: 30m, 2h, 7d; 0m ends a silence"),
    reason: z.string().max(500).optional().describe("Why, for those who look later"),
  }),
  output: alertSchema,
  errors: ["alert-not-found"],
  cli: { noun: "alert", verb: "silence", arguments: ["name"] },
  example: {
    input: { name: "slow", for: "2h", reason: "load test" },
    output: { ...exampleAlert, silencedUntil: 1764008100000, silenceReason: "load test" },
  },
});

export const testAlert = defineOperation({
  id: "test-alert",
  step: "monitor",
  summary: "Look at a condition now, or when it would have fired, without keeping it or telling anybody",
  method: "POST",
  path: "/alert-tests",
  role: "reader",
  input: z.object({
    name: alertNameSchema.optional().describe("An alert that exists, in place of a condition"),
    when: conditionSchema.optional(),
    service: serviceNameSchema.optional().describe("Only for this service"),
    since: sinceSchema
      .optional()
      .describe("Also tell when it would have fired since then (7d, an ISO time; at most 90d), by what is stored"),
  }),
  output: z.object({
    when: z.string(),
    items: z.array(
      z.object({
        service: z.string(),
        verdict: measuredSchema.shape.verdict,
        measured: z.array(measuredSchema),
        replay: alertReplaySchema.nullable().describe("null without `since`"),
      }),
    ),
  }),
  errors: ["condition-invalid", "alert-not-found", "service-not-found"],
  cli: { noun: "alert", verb: "test", arguments: ["name"] },
  example: {
    input: { when: "p95 > 200ms", service: "digits" },
    output: {
      when: "p95 > 200ms",
      items: [{ service: "digits", verdict: "breached", measured: [exampleMeasured], replay: null }],
    },
  },
});

/** A part of a report that a room of monitoring makes: a table, with a line for those who read no tables. */
const reportSectionSchema = z.object({
  title: z.string(),
  note: z.string().nullable().describe("What the table means, or why it is empty"),
  head: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
});
export type ReportSection = z.output<typeof reportSectionSchema>;

const reportSchema = z.object({
  service: z.string(),
  from: timeSchema,
  to: timeSchema,
  every: z.enum(usageSteps).describe("Step of the series"),
  running: z.boolean(),
  revision: z
    .number()
    .int()
    .nullable()
    .describe("The one with the traffic; null before the first is ready, and of a service that was deleted"),
  models: z.array(z.string()).describe("name:version of what it answers with, or answered last"),
  usage: z.object(usageTotalsShape).nullable().describe("null: no request"),
  series: z.array(usagePointSchema),
  revisions: z.array(z.object({ revision: z.number().int(), models: z.array(z.string()), ...usageTotalsShape })),
  callers: z.array(z.object({ caller: z.string(), ...usageTotalsShape })),
  alerts: z.array(alertSchema).describe("Those that watch it"),
  alertChanges: z
    .array(z.object({ at: timeSchema, alert: z.string(), change: z.string(), text: z.string() }))
    .describe("What alerts told of it, oldest first, the last 100"),
  sections: z.array(reportSectionSchema).describe("What else is known of it, such as drift and quality"),
});
export type Report = z.output<typeof reportSchema>;

export const reportService = defineOperation({
  id: "report-service",
  step: "monitor",
  summary: "Report on a service: usage, latency, errors, alerts, and what monitoring knows of its data",
  method: "GET",
  path: "/services/{name}/report",
  role: "reader",
  input: z.object({
    name: serviceNameSchema,
    since: sinceSchema.default("24h"),
  }),
  output: reportSchema,
  errors: ["service-not-found"],
  cli: { noun: "monitor", verb: "report", arguments: ["name"] },
  example: {
    input: { name: "digits", since: "24h" },
    output: {
      ...{ service: "digits", from: 1763913600000, to: 1764000000000, every: "5m", running: true, revision: 1 },
      ...{ models: ["digits:1"], usage: exampleTotals, series: [], callers: [], alerts: [exampleAlert] },
      revisions: [{ revision: 1, models: ["digits:1"], ...exampleTotals }],
      alertChanges: [{ at: 1764000900000, alert: "slow", change: "firing", text: "p95 251 ms" }],
      sections: [],
    },
  },
});
