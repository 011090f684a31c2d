import type { ModelHistoryEntry } from "../../contract/models.ts";
import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

export interface NewEntry {
  name: string;
  version?: number | null;
  at: number;
  by: string;
  action: string;
  detail?: object;
}

/** Appends to the history of a model. Nothing ever changes or removes an entry. */
export async function appendHistory(tx: Db, entries: readonly NewEntry[]): Promise<void> {
  const db = tx.tables<Tables>();
  for (const { name, version = null, at, by, action, detail = {} } of entries)
    await db
      .insertInto("model_history")
      .values({
        model: (eb) =>
          eb.fn.coalesce(eb.selectFrom("models").select("models.id").where("models.name", "=", name), eb.val(name)),
        name,
        version,
        at,
        by_whom: by,
        action,
        detail: JSON.stringify(detail),
      })
      .execute();
}

/** Entries newest first: those written under this name, and those of the model that has the name now. */
export async function selectHistory(
  db: Db,
  name: string,
  { version, limit, beforeId }: { version?: number | undefined; limit: number; beforeId?: number | undefined },
): Promise<ModelHistoryEntry[]> {
  const tables = db.tables<Tables>();
  const row = await tables.selectFrom("models").select("id").where("name", "=", name).executeTakeFirst();
  const page = (column: "model" | "name", value: string) => {
    let query = tables.selectFrom("model_history").selectAll().where(column, "=", value);
    if (version !== undefined) query = query.where("version", "=", version);
    if (beforeId !== undefined) query = query.where("id", "<", beforeId);
    return query.orderBy("id", "desc").limit(limit).execute();
  };
  const found = [...(await page("name", name)), ...(row === undefined ? [] : await page("model", row.id))];
  const unique = [...new Map(found.map((entry) => [entry.id, entry])).values()];
  return unique
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
    .map((entry) => ({
      id: String(entry.id),
      at: entry.at,
      by: entry.by_whom,
      action: entry.action,
      model: entry.name,
      version: entry.version,
      detail: JSON.parse(entry.detail) as Record<string, unknown>,
    }));
}
