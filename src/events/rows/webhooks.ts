import type { Webhook } from "../../contract/webhooks.ts";
import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** A webhook with its secret, which no operation answers after the first time. */
export interface StoredWebhook extends Omit<Webhook, "pending" | "dead"> {
  secret: string;
}

const toWebhook = (row: Tables["webhooks"]): StoredWebhook => ({
  id: row.id,
  name: row.name,
  description: row.description,
  url: row.url,
  events: JSON.parse(row.events) as string[],
  model: row.model,
  format: row.format,
  secret: row.secret,
  status: row.status,
  position: row.position,
  createdAt: row.created_at,
  createdBy: row.created_by,
  updatedAt: row.updated_at,
});

export async function insertWebhook(tx: Db, webhook: StoredWebhook): Promise<void> {
  const { id, name, description, url, events, model, format, secret, status, position } = webhook;
  const row = { id, name, description, url, events: JSON.stringify(events), model, format, secret, status, position };
  const times = { created_at: webhook.createdAt, created_by: webhook.createdBy, updated_at: webhook.updatedAt };
  await tx
    .tables<Tables>()
    .insertInto("webhooks")
    .values({ ...row, ...times })
    .execute();
}

export async function findWebhook(db: Db, id: string): Promise<StoredWebhook | undefined> {
  const row = await db.tables<Tables>().selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : toWebhook(row);
}

/** In the order they were made: ids are time-ordered. */
export async function selectWebhooks(db: Db, limit: number, afterId?: string): Promise<StoredWebhook[]> {
  let query = db.tables<Tables>().selectFrom("webhooks").selectAll().orderBy("id").limit(limit);
  if (afterId !== undefined) query = query.where("id", ">", afterId);
  return (await query.execute()).map(toWebhook);
}

export async function selectActiveWebhooks(db: Db): Promise<StoredWebhook[]> {
  const rows = await db.tables<Tables>().selectFrom("webhooks").selectAll().where("status", "=", "active").execute();
  return rows.map(toWebhook);
}

type Changes = Partial<
  Pick<StoredWebhook, "name" | "description" | "url" | "events" | "secret" | "status" | "position">
>;

/** Changes what is given; undefined members stay. */
export async function changeWebhook(tx: Db, id: string, { events, ...changes }: Changes, at: number): Promise<void> {
  const set = { ...changes, events: events === undefined ? undefined : JSON.stringify(events), updated_at: at };
  await tx.tables<Tables>().updateTable("webhooks").set(set).where("id", "=", id).execute();
}

/** All names that a model has had, so that a webhook for one of them follows a rename. */
export async function namesOfModel(db: Db, name: string): Promise<string[]> {
  const models = db.tables<Tables>();
  const rows = await models
    .selectFrom("models")
    .select("name")
    .where("id", "in", models.selectFrom("models").select("id").where("name", "=", name))
    .execute();
  return [name, ...rows.map((row) => row.name)];
}

/** Notes up to where events were queued for a webhook. */
export async function setPosition(tx: Db, id: string, position: number): Promise<void> {
  await tx.tables<Tables>().updateTable("webhooks").set({ position }).where("id", "=", id).execute();
}

/** Deletes a webhook; its deliveries go with it. */
export async function removeWebhook(tx: Db, id: string): Promise<void> {
  await tx.tables<Tables>().deleteFrom("webhooks").where("id", "=", id).execute();
}
