import type { Label, LabelValue } from "../../contract/labels.ts";
import type { Db } from "../../kernel/db.ts";

interface LabelRow {
  id: string;
  service: string;
  row: number;
  value: string;
  at: number | null;
  added_at: number;
  changed_at: number;
  by_whom: string;
}
interface Tables {
  labels: LabelRow;
}

/** One value of one row of a request. */
export interface OneLabel {
  id: string;
  row: number;
  value: LabelValue;
  /** Epoch ms; null when it was not told. */
  at: number | null;
}

/** The labels of these requests, at most 10,000 of them. */
export async function labelsOf(db: Db, service: string, ids: readonly string[]): Promise<OneLabel[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .tables<Tables>()
    .selectFrom("labels")
    .select(["id", "row", "value", "at"])
    .where("id", "in", ids)
    .where("service", "=", service)
    .execute();
  return rows.map(({ value, ...row }) => ({ ...row, value: JSON.parse(value) as LabelValue }));
}

/** Writes labels, at most 1,000 of them, each with its own id and row; one that is there gets the new value, and keeps when it was added. */
export async function putLabels(
  tx: Db,
  service: string,
  labels: readonly OneLabel[],
  { by, at: now }: { by: string; at: number },
): Promise<void> {
  if (labels.length === 0) return;
  await tx
    .tables<Tables>()
    .insertInto("labels")
    .values(
      labels.map(({ id, row, value, at }) => ({
        ...{ id, service, row, at },
        ...{ value: JSON.stringify(value), added_at: now, changed_at: now, by_whom: by },
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["id", "service", "row"]).doUpdateSet((eb) => ({
        value: eb.ref("excluded.value"),
        at: eb.ref("excluded.at"),
        changed_at: eb.ref("excluded.changed_at"),
        by_whom: eb.ref("excluded.by_whom"),
      })),
    )
    .execute();
}

export interface LabelFilter {
  service?: string | undefined;
  id?: string | undefined;
  sinceMs?: number | undefined;
}

/** Where a page of labels ended. */
export type LabelCursor = readonly [changedAt: number, id: string, service: string, row: number];

/** Those that changed last first, behind a cursor. */
export async function selectLabels(
  db: Db,
  { service, id, sinceMs }: LabelFilter,
  limit: number,
  after?: LabelCursor,
): Promise<Omit<Label, "hasRecord">[]> {
  let query = db.tables<Tables>().selectFrom("labels").selectAll();
  if (service !== undefined) query = query.where("service", "=", service);
  if (id !== undefined) query = query.where("id", "=", id);
  if (sinceMs !== undefined) query = query.where("changed_at", ">=", sinceMs);
  if (after !== undefined) {
    const [changedAt, lastId, lastService, lastRow] = after;
    query = query.where((eb) =>
      eb.or([
        eb("changed_at", "<", changedAt),
        eb.and([eb("changed_at", "=", changedAt), eb("id", ">", lastId)]),
        eb.and([eb("changed_at", "=", changedAt), eb("id", "=", lastId), eb("service", ">", lastService)]),
        eb.and([
          eb("changed_at", "=", changedAt),
          ...[eb("id", "=", lastId), eb("service", "=", lastService), eb("row", ">", lastRow)],
        ]),
      ]),
    );
  }
  const rows = await query
    .orderBy("changed_at", "desc")
    .orderBy("id")
    .orderBy("service")
    .orderBy("row")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ service: row.service, id: row.id, row: row.row, at: row.at, by: row.by_whom },
    ...{ value: JSON.parse(row.value) as LabelValue, addedAt: row.added_at, changedAt: row.changed_at },
  }));
}

/** Deletes up to `limit` labels that changed before a moment; gives how many went. */
export async function deleteOldLabels(db: Db, before: number, limit: number): Promise<number> {
  const tables = db.tables<Tables>();
  const old = await tables
    .selectFrom("labels")
    .select(["id", "service", "row"])
    .where("changed_at", "<", before)
    .limit(limit)
    .execute();
  await db.transaction(async (tx) => {
    for (const { id, service, row } of old)
      await tx
        .tables<Tables>()
        .deleteFrom("labels")
        .where("id", "=", id)
        .where("service", "=", service)
        .where("row", "=", row)
        .execute();
  });
  return old.length;
}

/** Deletes the labels of requests; of all services when none is named. Gives how many went. */
export async function deleteLabelsOf(tx: Db, ids: readonly string[], service: string | undefined): Promise<number> {
  let gone = 0;
  for (const id of ids) {
    let query = tx.tables<Tables>().deleteFrom("labels").where("id", "=", id);
    if (service !== undefined) query = query.where("service", "=", service);
    gone += Number((await query.executeTakeFirst()).numDeletedRows);
  }
  return gone;
}
