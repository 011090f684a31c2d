import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventType } from "../../src/contract/events.ts";
import { type Context, type InputOf, operations } from "../../src/contract/operations.ts";
import { createWebhook } from "../../src/events/create-webhook.ts";
import { makeDelivery } from "../../src/events/deliver.ts";
import { listDeliveries } from "../../src/events/list-deliveries.ts";
import type { EventsPorts } from "../../src/events/ports.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { emit } from "../../src/kernel/outbox.ts";
import { lookupAddresses, sendWebhook } from "../../src/main/webhook-sender.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";

export const context: Context = {
  actor: { id: "tester", name: "tester", role: "admin", kind: "token", expiresAt: null },
  requestId: "request",
  client: null,
  progress: () => {},
  signal: new AbortController().signal,
  body: (async function* () {})(),
};

/** A real database with the outbox and the sender, and a clock that stands until it is moved. */
export async function openOutbox(changes: Partial<EventsPorts> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "modelyard-events-"));
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  let now = Date.UTC(2025, 10, 24, 16);
  const ports: EventsPorts = {
    ...{ db, clock: { now: () => now }, log: silentLog, source: () => "http://server.example:5080" },
    ...{ send: sendWebhook, lookup: lookupAddresses, allowPrivate: true, ...changes },
  };
  return {
    ports,
    delivery: makeDelivery(ports),
    advance: (ms: number) => {
      now += ms;
    },
    tell: (subject: string, type: EventType = "modelyard.version.created", data: object = {}) =>
      db.transaction((tx) => emit(tx, { type, subject, data, actor: "tester", at: now })),
    webhook: (input: InputOf<"createWebhook">) =>
      createWebhook(ports)(operations.createWebhook.input.parse(input), context),
    deliveries: async (id: string) => (await listDeliveries(ports)({ id, pageSize: 1000 }, context)).items.reverse(),
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Outbox = Awaited<ReturnType<typeof openOutbox>>;
