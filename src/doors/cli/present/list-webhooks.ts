import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";

export const listWebhooks: Presenter<"listWebhooks"> = (answer) =>
  page(
    answer,
    ["ID", "NAME", "URL", "EVENTS", "MODEL", "STATUS", "PENDING", "DEAD"],
    (webhook) => [
      webhook.id,
      webhook.name,
      webhook.url,
      webhook.events.join(" ") || "all",
      webhook.model,
      webhook.status,
      webhook.pending,
      webhook.dead,
    ],
    "There are no webhooks. Make one: modelyard webhook create --url https://…",
  );
