import type { Delivery, Webhook } from "../../contract/webhooks.ts";

/** The tables of this room, as in migration 0002, and what it reads of models. Texts named `events` and `data` hold JSON. */
export interface Tables {
  models: { id: string; name: string };
  events: {
    sequence: number;
    id: string;
    type: string;
    subject: string;
    stream: string;
    at: number;
    actor: string;
    data: string;
  };
  webhooks: {
    id: string;
    name: string;
    description: string | null;
    url: string;
    events: string;
    model: string | null;
    format: Webhook["format"];
    secret: string;
    status: Webhook["status"];
    position: number;
    created_at: number;
    created_by: string;
    updated_at: number;
  };
  deliveries: {
    /** Given by the database, in the order of the deliveries. */
    number: number;
    id: string;
    webhook: string;
    sequence: number;
    stream: string;
    status: Delivery["status"];
    attempts: number;
    next_at: number | null;
    first_at: number | null;
    last_at: number | null;
    response_status: number | null;
    error: string | null;
  };
}
