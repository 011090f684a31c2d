import type { InferenceEvent } from "../../../contract/inference-event.ts";
import type { Db } from "../../../kernel/db.ts";

interface EventRow {
  service: string;
  id: string;
  kind: InferenceEvent["kind"];
  /** joined: with its other half it is a record. expired: the other half never came. */
  state: "waiting" | "joined" | "expired";
  at: number;
  received_at: number;
  model: string | null;
  content_type: string | null;
  body: Uint8Array;
}
interface Tables {
  external_services: { service: string; source: string; first_at: number; last_at: number };
  external_events: EventRow;
  record_models: { image: string; model: string };
}

export type StoredEvent = EventRow;

/** Notes that a source tells of a service, and gives the source that did so first. */
export async function noteExternalService(tx: Db, service: string, source: string, now: number): Promise<string> {
  const row = await tx
    .tables<Tables>()
    .insertInto("external_services")
    .values({ service, source, first_at: now, last_at: now })
    .onConflict((conflict) => conflict.column("service").doUpdateSet({ last_at: now }))
    .returning("source")
    .executeTakeFirstOrThrow();
  return row.source;
}

/** A service that a source told of. */
export async function findExternalService(db: Db, service: string): Promise<{ last_at: number } | undefined> {
  const told = db.tables<Tables>().selectFrom("external_services").select("last_at");
  return told.where("service", "=", service).executeTakeFirst();
}

/** Names of the services that a source told of since a moment. */
export async function selectExternalServices(db: Db, sinceMs: number): Promise<string[]> {
  const told = db.tables<Tables>().selectFrom("external_services").select("service");
  const rows = await told.where("last_at", ">=", sinceMs).orderBy("service").execute();
  return rows.map(({ service }) => service);
}

/** False when an event of this service, id and kind was here before. */
export async function insertEvent(tx: Db, event: InferenceEvent, receivedAt: number): Promise<boolean> {
  const { service, id, kind, at, model, contentType, body } = event;
  const result = await tx
    .tables<Tables>()
    .insertInto("external_events")
    .values({
      ...{ service, id, kind, state: "waiting", at, received_at: receivedAt, model },
      ...{ content_type: contentType, body },
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Both halves of a request that waits for nothing more; undefined while one is missing. */
export async function waitingPair(
  tx: Db,
  service: string,
  id: string,
): Promise<{ request: StoredEvent; response: StoredEvent } | undefined> {
  const rows = await tx
    .tables<Tables>()
    .selectFrom("external_events")
    .selectAll()
    .where("service", "=", service)
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .execute();
  const request = rows.find(({ kind }) => kind === "request");
  const response = rows.find(({ kind }) => kind === "response");
  return request === undefined || response === undefined ? undefined : { request, response };
}

export async function markJoined(tx: Db, service: string, id: string): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("external_events")
    .set({ state: "joined", body: new Uint8Array(0) })
    .where("service", "=", service)
    .where("id", "=", id)
    .execute();
}

/** Gives up on what waits since before a moment, at most `limit`, and tells of how many which half came. */
export async function expireEvents(
  tx: Db,
  beforeMs: number,
  limit: number,
): Promise<{ requests: number; responses: number }> {
  const tables = tx.tables<Tables>();
  const old = await tables
    .selectFrom("external_events")
    .select(["service", "id", "kind"])
    .where("state", "=", "waiting")
    .where("received_at", "<", beforeMs)
    .limit(limit)
    .execute();
  for (const { service, id, kind } of old)
    await tables
      .updateTable("external_events")
      .set({ state: "expired", body: new Uint8Array(0) })
      .where("service", "=", service)
      .where("id", "=", id)
      .where("kind", "=", kind)
      .execute();
  const requests = old.filter(({ kind }) => kind === "request").length;
  return { requests, responses: old.length - requests };
}

/** Forgets what was done with before a moment. */
export async function forgetEvents(db: Db, beforeMs: number): Promise<void> {
  await db
    .tables<Tables>()
    .deleteFrom("external_events")
    .where("state", "in", ["joined", "expired"])
    .where("received_at", "<", beforeMs)
    .execute();
}

/** Says which model records of an image are of. */
export async function nameModel(tx: Db, image: string, model: string): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("record_models")
    .values({ image, model })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
