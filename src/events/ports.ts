import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";
import type { Log } from "../kernel/log.ts";

export interface Address {
  address: string;
  family: 4 | 6;
}

/** One POST to a receiver. It is sent to one of `addresses`, whatever the name in the URL leads to by then. */
export interface WebhookRequest {
  url: string;
  addresses: readonly Address[];
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}

/** What a receiver answered; of the body the first part. Redirects are answers like any other. */
export interface WebhookAnswer {
  status: number;
  body: string;
}

export interface EventsPorts {
  db: Db;
  clock: Clock;
  log: Log;
  /** Where these events come from: the URL of the server. */
  source: () => string;
  /** Sends one request; throws when no answer came in time. */
  send: (request: WebhookRequest) => Promise<WebhookAnswer>;
  /** All addresses of a name; throws when it has none. */
  lookup: (host: string) => Promise<Address[]>;
  /** Whether receivers may have addresses inside a network, such as 127.0.0.1 or 10.0.0.1. */
  allowPrivate: boolean;
}
