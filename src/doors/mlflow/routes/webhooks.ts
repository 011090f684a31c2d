import { z } from "zod";
import type { EventType } from "../../../contract/events.ts";
import { createWebhook, type Webhook } from "../../../contract/webhooks.ts";
import { limit, page, required, text } from "../fields.ts";
import type { Route } from "../route.ts";

/** The six events MLflow knows, by entity and action. https://github.com/mlflow/mlflow/blob/master/mlflow/protos/webhooks.proto */
const types = {
  "REGISTERED_MODEL CREATED": "modelyard.model.created",
  "MODEL_VERSION CREATED": "modelyard.version.created",
  "MODEL_VERSION_TAG SET": "modelyard.version.tag.set",
  "MODEL_VERSION_TAG DELETED": "modelyard.version.tag.removed",
  "MODEL_VERSION_ALIAS CREATED": "modelyard.alias.set",
  "MODEL_VERSION_ALIAS DELETED": "modelyard.alias.removed",
} as const satisfies Record<string, EventType>;
const names = new Map<string, string>(Object.entries(types).map(([name, type]) => [type, name]));

const event = z.object({ entity: required, action: required }).transform(({ entity, action }, context): EventType => {
  const name = `${entity} ${action}`;
  if (Object.hasOwn(types, name)) return types[name as keyof typeof types];
  context.addIssue({ code: "custom", message: `is none of ${Object.keys(types).join(", ")}` });
  return z.NEVER;
});
const nameField = required.regex(
  /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/,
  "begins and ends with a letter or digit, has letters, digits, _ . - between, and less than 64 characters",
);
const url = required.pipe(createWebhook.input.shape.url);
const status = z.enum(["ACTIVE", "DISABLED"]);
const asStatus = { ACTIVE: "active", DISABLED: "disabled" } as const;
const byId = z.object({ webhook_id: required });

function webhookJson(webhook: Webhook): object {
  return {
    webhook_id: webhook.id,
    name: webhook.name,
    description: webhook.description,
    url: webhook.url,
    events: webhook.events.flatMap((type) => {
      const [entity, action] = names.get(type)?.split(" ") ?? [];
      return entity === undefined ? [] : [{ entity, action }];
    }),
    status: webhook.status === "active" ? "ACTIVE" : "DISABLED",
    creation_timestamp: webhook.createdAt,
    last_updated_timestamp: webhook.updatedAt,
  };
}

/** Webhooks in MLflow's words: those that are sent in its format. The role is that of the operations behind. */
function route<Schema extends z.ZodObject>(
  method: Route["method"],
  path: string,
  input: Schema,
  answer: (
    handlers: Parameters<Route["answer"]>[0]["handlers"],
    given: z.output<Schema>,
    context: Parameters<Route["answer"]>[2],
  ) => Promise<object | undefined>,
): Route {
  return {
    method,
    path,
    role: "admin",
    input,
    answer: (ports, given, context) => answer(ports.handlers, given, context),
  };
}

const create = z.object({
  name: nameField,
  url,
  events: z.array(event).min(1),
  description: text.optional(),
  secret: required.optional(),
  status: status.default("ACTIVE"),
});
const change = byId.extend({
  name: nameField.optional(),
  url: url.optional(),
  events: z.array(event).optional(),
  description: text.optional(),
  secret: required.optional(),
  status: status.optional(),
});

export const webhookRoutes: Route[] = [
  route("POST", "webhooks", create, async (handlers, { status: wanted, ...given }, context) => {
    const { id } = await handlers.createWebhook({ ...given, format: "mlflow" }, context);
    if (wanted === "DISABLED") await handlers.updateWebhook({ id, status: "disabled" }, context);
    return { webhook: webhookJson(await handlers.getWebhook({ id }, context)) };
  }),
  route(
    "GET",
    "webhooks",
    z.object({ max_results: limit(1000).default(100), ...page }),
    async (handlers, { max_results, page_token }, context) => {
      const found = await handlers.listWebhooks({ pageSize: max_results, pageToken: page_token || undefined }, context);
      const own = found.items.filter(({ format }) => format === "mlflow");
      return { webhooks: own.map(webhookJson), next_page_token: found.nextPageToken };
    },
  ),
  route("GET", "webhooks/:webhook_id", byId, async (handlers, { webhook_id: id }, context) => ({
    webhook: webhookJson(await handlers.getWebhook({ id }, context)),
  })),
  route("PATCH", "webhooks/:webhook_id", change, async (handlers, { webhook_id: id, ...given }, context) => {
    const { status: wanted, events, ...rest } = given;
    const changed = await handlers.updateWebhook(
      {
        ...{ id, ...rest },
        events: events === undefined || events.length === 0 ? undefined : events,
        status: wanted === undefined ? undefined : asStatus[wanted],
      },
      context,
    );
    return { webhook: webhookJson(changed) };
  }),
  route("DELETE", "webhooks/:webhook_id", byId, async (handlers, { webhook_id: id }, context) => {
    await handlers.deleteWebhook({ id }, context);
    return undefined;
  }),
  route(
    "POST",
    "webhooks/:webhook_id/test",
    byId.extend({ event: event.optional() }),
    async (handlers, { webhook_id: id, event: type }, context) => {
      const result = await handlers.testWebhook({ id, type }, context);
      return {
        result: {
          success: result.success,
          response_status: result.responseStatus,
          response_body: result.responseBody,
          error_message: result.error,
        },
      };
    },
  ),
];
