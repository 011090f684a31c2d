import { z } from "zod";
import { eventTypeSchema, exampleEvent, typePrefixSchema } from "./events.ts";
import { whole } from "./numbers.ts";
import { defineOperation, modelNameSchema, pageInput, pageOf, timeSchema } from "./operation.ts";

const webhookFormats = ["cloudevents", "mlflow", "slack", "teams"] as const;

const webhookUrlSchema = z
  .url({ protocol: /^https?$/, error: "is not an http or https URL" })
  .max(2000)
  .refine(
    (url) => !/^[^/]*\/\/[^/?#]*@/.test(url),
    "may not hold a user name or a password; the signature says who sends",
  )
  .describe("Where events are sent by POST");

const webhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  url: z.string(),
  events: z.array(z.string()).describe("Types, or beginnings of types; none: every type"),
  model: z.string().nullable().describe("Only events of this model and its versions"),
  format: z.enum(webhookFormats),
  status: z.enum(["active", "disabled"]),
  position: z.number().int().describe("Sequence up to which events were queued for it"),
  pending: z.number().int().describe("Deliveries that are not done yet"),
  dead: z.number().int().describe("Deliveries in the log that were given up"),
  createdAt: timeSchema,
  createdBy: z.string(),
  updatedAt: timeSchema,
});
export type Webhook = z.output<typeof webhookSchema>;

const exampleWebhook: Webhook = {
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e60",
  name: "ci",
  description: null,
  url: "https://ci.example.org/hooks/models",
  events: ["version.created", "alias"],
  model: "digits",
  format: "cloudevents",
  status: "active",
  position: 42,
  pending: 0,
  dead: 0,
  createdAt: 1764000000000,
  createdBy: "admin",
  updatedAt: 1764000000000,
};

const webhookId = z.string().describe("Id of the webhook");
const byId = z.object({ id: webhookId });
const changeable = {
  name: z.string().min(1).max(100).describe("What the webhook is for"),
  description: z.string().max(2000).describe("Text for people"),
  url: webhookUrlSchema,
  events: z.array(typePrefixSchema).max(100).describe("Only these types of events, or those that begin so; none: all"),
  secret: z
    .string()
    .min(8)
    .max(200)
    .describe("What deliveries are signed with (HMAC-SHA256); one is made when it is left out"),
  from: whole(0).describe("Send also the kept events after this sequence; 0 for all of them, left out for none"),
};

export const createWebhook = defineOperation({
  id: "create-webhook",
  step: "events",
  summary: "Send events to a URL, signed, in order and at least once; the secret is shown this once",
  method: "POST",
  path: "/webhooks",
  role: "admin",
  input: z.object({
    name: changeable.name.default("webhook"),
    description: changeable.description.optional(),
    url: changeable.url,
    events: changeable.events.default([]),
    model: modelNameSchema.optional().describe("Only events of this model and its versions"),
    format: z
      .enum(webhookFormats)
      .default("cloudevents")
      .describe(
        "cloudevents sends every type as CloudEvents 1.0; mlflow sends the six that MLflow knows, as MLflow does; slack and teams send what people read in a channel",
      ),
    secret: changeable.secret.optional(),
    from: changeable.from.optional(),
  }),
  output: webhookSchema.extend({ secret: z.string() }),
  errors: ["webhook-address-refused"],
  cli: { noun: "webhook", verb: "create" },
  example: {
    input: { url: exampleWebhook.url, name: "ci", events: ["version.created", "alias"], model: "digits" },
    output: { ...exampleWebhook, secret: "whsec_3f0c…" },
  },
});

export const listWebhooks = defineOperation({
  id: "list-webhooks",
  step: "events",
  summary: "List the webhooks, never their secrets",
  method: "GET",
  path: "/webhooks",
  role: "admin",
  input: z.object(pageInput),
  output: pageOf(webhookSchema),
  cli: { noun: "webhook", verb: "list" },
  example: { input: {}, output: { items: [exampleWebhook], nextPageToken: null } },
});

export const getWebhook = defineOperation({
  id: "get-webhook",
  step: "events",
  summary: "Show a webhook",
  method: "GET",
  path: "/webhooks/{id}",
  role: "admin",
  input: byId,
  output: webhookSchema,
  errors: ["webhook-not-found"],
  cli: { noun: "webhook", verb: "show", arguments: ["id"] },
  example: { input: { id: exampleWebhook.id }, output: exampleWebhook },
});

export const updateWebhook = defineOperation({
  id: "update-webhook",
  step: "events",
  summary: "Change, pause or resume a webhook, or send it events again from a sequence on",
  method: "PATCH",
  path: "/webhooks/{id}",
  role: "admin",
  input: byId.extend({
    name: changeable.name.optional(),
    description: changeable.description.optional(),
    url: changeable.url.optional(),
    events: changeable.events.optional(),
    secret: changeable.secret.optional().describe("New secret for signatures"),
    status: z
      .enum(["active", "disabled"])
      .optional()
      .describe("A disabled webhook is paused: it goes on where it stood when it is active again"),
    from: changeable.from.optional().describe("Send all events after this sequence again that are kept; 0 for all"),
  }),
  output: webhookSchema,
  errors: ["webhook-not-found", "webhook-address-refused"],
  cli: { noun: "webhook", verb: "update", arguments: ["id"] },
  example: {
    input: { id: exampleWebhook.id, status: "disabled" },
    output: { ...exampleWebhook, status: "disabled" },
  },
});

export const deleteWebhook = defineOperation({
  id: "delete-webhook",
  step: "events",
  summary: "Delete a webhook with its log; what is not delivered yet is not sent",
  method: "DELETE",
  path: "/webhooks/{id}",
  role: "admin",
  input: byId,
  output: z.object({ id: z.string(), name: z.string() }),
  errors: ["webhook-not-found"],
  cli: { noun: "webhook", verb: "delete", arguments: ["id"] },
  example: { input: { id: exampleWebhook.id }, output: { id: exampleWebhook.id, name: "ci" } },
});

export const testWebhook = defineOperation({
  id: "test-webhook",
  step: "events",
  summary: "Send one made-up event now and show the answer",
  method: "POST",
  path: "/webhooks/{id}/test",
  role: "admin",
  input: byId.extend({
    type: eventTypeSchema
      .optional()
      .describe("Type of the event, such as alert.firing; for the format mlflow one of the six it knows"),
  }),
  output: z.object({
    success: z.boolean(),
    responseStatus: z.number().int().nullable(),
    responseBody: z.string().nullable().describe("The first 1,000 characters"),
    error: z.string().nullable(),
  }),
  errors: ["webhook-not-found"],
  cli: { noun: "webhook", verb: "test", arguments: ["id"] },
  example: {
    input: { id: exampleWebhook.id },
    output: { success: true, responseStatus: 200, responseBody: "ok", error: null },
  },
});

const deliveryStatuses = ["pending", "delivered", "dead"] as const;
const deliverySchema = z.object({
  id: z.string().describe("Id of the delivery, as in its headers"),
  event: z.string().describe("Id of the event"),
  sequence: z.number().int(),
  type: z.string(),
  subject: z.string(),
  status: z.enum(deliveryStatuses).describe("dead: given up after 72 hours of trying"),
  attempts: z.number().int(),
  nextAt: timeSchema.nullable().describe("When it is tried next; null when it is done or waits for the one before"),
  at: timeSchema.nullable().describe("When it was tried last"),
  responseStatus: z.number().int().nullable(),
  error: z.string().nullable(),
});
export type Delivery = z.output<typeof deliverySchema>;

const exampleDelivery: Delivery = {
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e61",
  event: exampleEvent.id,
  sequence: 42,
  type: exampleEvent.type,
  subject: exampleEvent.subject,
  status: "pending",
  attempts: 3,
  nextAt: 1764000055000,
  at: 1764000035000,
  responseStatus: 503,
  error: "answered 503",
};

export const listDeliveries = defineOperation({
  id: "list-deliveries",
  step: "events",
  summary: "List the deliveries of a webhook, newest first",
  method: "GET",
  path: "/webhooks/{id}/deliveries",
  role: "admin",
  input: byId.extend({ status: z.enum(deliveryStatuses).optional().describe("Only in this state"), ...pageInput }),
  output: pageOf(deliverySchema),
  errors: ["webhook-not-found"],
  cli: { noun: "webhook", verb: "deliveries", arguments: ["id"] },
  example: { input: { id: exampleWebhook.id }, output: { items: [exampleDelivery], nextPageToken: null } },
});

export const redeliverEvent = defineOperation({
  id: "redeliver-event",
  step: "events",
  summary: "Send an event to a webhook again",
  method: "POST",
  path: "/webhooks/{id}/redeliver",
  role: "admin",
  input: byId.extend({ event: z.string().min(1).describe("Id of the event, or of a delivery of it") }),
  output: deliverySchema,
  errors: ["webhook-not-found", "event-not-found"],
  cli: { noun: "webhook", verb: "redeliver", arguments: ["id", "event"] },
  example: {
    input: { id: exampleWebhook.id, event: exampleEvent.id },
    output: { ...exampleDelivery, attempts: 0, at: null, responseStatus: null, error: null },
  },
});
