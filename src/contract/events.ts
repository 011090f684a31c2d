import { z } from "zod";
import { whole } from "./numbers.ts";
import { defineOperation, pageInput, sinceSchema } from "./operation.ts";

/** What can happen, `modelyard.<noun>.<past participle>`. */
export const eventTypes = [
  "modelyard.model.created",
  "modelyard.model.updated",
  "modelyard.model.deleted",
  "modelyard.model.tag.set",
  "modelyard.model.tag.removed",
  "modelyard.version.created",
  "modelyard.version.updated",
  "modelyard.version.deleted",
  "modelyard.version.archived",
  "modelyard.version.restored",
  "modelyard.version.files.attached",
  "modelyard.version.tag.set",
  "modelyard.version.tag.removed",
  "modelyard.version.stage.changed",
  "modelyard.alias.set",
  "modelyard.alias.removed",
  "modelyard.image.created",
  "modelyard.image.deleted",
  "modelyard.service.deployed",
  "modelyard.service.updated",
  "modelyard.service.rolled-back",
  "modelyard.service.stopped",
  "modelyard.service.started",
  "modelyard.service.deleted",
  "modelyard.service.key-regenerated",
  "modelyard.alert.created",
  "modelyard.alert.deleted",
  "modelyard.alert.silenced",
  "modelyard.alert.pending",
  "modelyard.alert.passed",
  "modelyard.alert.firing",
  "modelyard.alert.resolved",
  "modelyard.dataset.created",
  "modelyard.dataset.deleted",
  "modelyard.dataset.erased",
  "modelyard.baseline.set",
  "modelyard.baseline.removed",
  "modelyard.drift.began",
  "modelyard.drift.ended",
  "modelyard.token.created",
  "modelyard.token.revoked",
  "modelyard.webhook.created",
  "modelyard.webhook.updated",
  "modelyard.webhook.deleted",
] as const;
export type EventType = (typeof eventTypes)[number];

/** The whole type of a prefix that may be written without `modelyard.`. */
export const wholeType = (prefix: string): string =>
  prefix === "modelyard" || prefix.startsWith("modelyard.") ? prefix : `modelyard.${prefix}`;

/** Whether a type is one of these, or begins with one followed by a dot; no prefixes mean every type. */
export const matchesType = (prefixes: readonly string[], type: string): boolean =>
  prefixes.length === 0 || prefixes.map(wholeType).some((prefix) => type === prefix || type.startsWith(`${prefix}.`));

export const typePrefixSchema = z
  .string()
  .refine(
    (prefix) => eventTypes.some((type) => matchesType([prefix], type)),
    "is no event type and none begins with it",
  )
  .describe("Type of event or the beginning of one, such as version.created, alias or service");

export const eventTypeSchema = z
  .string()
  .refine(
    (type) => eventTypes.some((one) => one === wholeType(type)),
    "is no event type, such as version.created or alert.firing",
  );

/** CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md). */
const cloudEventSchema = z.object({
  specversion: z.literal("1.0"),
  id: z.string(),
  source: z.string().describe("URL of the server"),
  type: z.string(),
  subject: z.string().describe("What it happened to, such as models/digits/versions/1 or services/digits"),
  time: z.string().describe("RFC 3339"),
  datacontenttype: z.literal("application/json"),
  sequence: z
    .string()
    .describe("Number of the event on this server, padded with zeros so that texts sort like numbers; the cursor"),
  actor: z.string().describe("Name of the token that asked for it"),
  data: z.record(z.string(), z.unknown()),
});
export type CloudEvent = z.output<typeof cloudEventSchema>;

export const exampleEvent: CloudEvent = {
  specversion: "1.0",
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f",
  source: "http://127.0.0.1:5080",
  type: "modelyard.service.updated",
  subject: "services/digits",
  time: "2025-11-24T16:00:00.000Z",
  datacontenttype: "application/json",
  sequence: "0000000000000042",
  actor: "ci",
  data: { service: "digits", revision: 2, models: ["digits:2"] },
};

export const listEvents = defineOperation({
  id: "list-events",
  step: "events",
  summary: "List what happened, in order; without a cursor, the newest",
  method: "GET",
  path: "/events",
  role: "reader",
  input: z.object({
    after: whole(0)
      .optional()
      .describe("Sequence to read on from: 0 for all that is kept, then `next` of the answer before"),
    type: z
      .union([typePrefixSchema, z.array(typePrefixSchema)])
      .optional()
      .describe("Only of this type, or of those that begin with it, such as version or service.updated"),
    subject: z
      .string()
      .max(500)
      .optional()
      .describe("Only about this and what is below it, such as models/digits or services/digits"),
    since: sinceSchema.optional(),
    pageSize: pageInput.pageSize,
  }),
  output: z.object({
    items: z.array(cloudEventSchema),
    next: z.number().int().describe("Pass it as `after` to read on from here, now or later"),
    more: z.boolean().describe("Whether more can be read at once"),
    oldest: z.number().int().nullable().describe("Sequence of the oldest event that is kept; they are kept 90 days"),
  }),
  cli: { noun: "events", verb: "list" },
  example: {
    input: { after: 41, type: "service" },
    output: { items: [exampleEvent], next: 42, more: false, oldest: 1 },
  },
});

const followedSchema = z.object({
  next: z.number().int().describe("Pass it as `after` to go on from here"),
  event: cloudEventSchema.nullable().describe("null: no event, only where the stream stands"),
  reset: z.boolean().describe("Events between here and `after` are not kept any more: read anew what you show"),
});
/** An item of a stream of events. */
export type FollowedEvent = z.output<typeof followedSchema>;

export const followEvents = defineOperation({
  id: "follow-events",
  step: "events",
  summary: "Follow what happens as it happens, from now or after an event",
  method: "GET",
  path: "/events/stream",
  role: "reader",
  input: listEvents.input.pick({ after: true, type: true }),
  output: followedSchema,
  answer: "events",
  errors: ["too-many-streams"],
  cli: { noun: "events", verb: "follow" },
  example: { input: { after: 41 }, output: { next: 42, event: exampleEvent, reset: false } },
});
