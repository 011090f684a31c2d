import { sql } from "kysely";
import type { Labels } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";

interface LabelRow {
  owner: string;
  key: string;
  value: string;
}
interface Tables {
  tracking_tags: LabelRow;
  tracking_params: LabelRow;
}
type LabelTable = keyof Tables;

/** Sets tags or params of an experiment, a run or a logged model. */
export async function setLabels(tx: Db, table: LabelTable, owner: string, labels: Labels): Promise<void> {
  const rows = Object.entries(labels).map(([key, value]) => ({ owner, key, value }));
  for (let start = 0; start < rows.length; start += 1000)
    await tx
      .tables<Tables>()
      .insertInto(table)
      .values(rows.slice(start, start + 1000))
      .onConflict((conflict) => conflict.columns(["owner", "key"]).doUpdateSet({ value: sql`excluded.value` }))
      .execute();
}

export async function removeLabel(tx: Db, table: LabelTable, owner: string, key: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .tables<Tables>()
    .deleteFrom(table)
    .where("owner", "=", owner)
    .where("key", "=", key)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** The labels of every owner, sorted by key. */
export async function labelsOf(db: Db, table: LabelTable, owners: readonly string[]): Promise<Map<string, Labels>> {
  const found = new Map<string, [string, string][]>(owners.map((owner) => [owner, []]));
  for (let start = 0; start < owners.length; start += 1000) {
    const rows = await db
      .tables<Tables>()
      .selectFrom(table)
      .selectAll()
      .where("owner", "in", owners.slice(start, start + 1000))
      .orderBy("key")
      .execute();
    for (const { owner, key, value } of rows) found.get(owner)?.push([key, value]);
  }
  return new Map([...found].map(([owner, pairs]) => [owner, Object.fromEntries(pairs)]));
}
