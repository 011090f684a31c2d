import type { Db } from "../../../kernel/db.ts";

interface Tables {
  record_drops: { reason: string; records: number };
}

/** Adds to the counts of records that are not here, by reason. */
export async function countDrops(tx: Db, counts: Readonly<Record<string, number>>): Promise<void> {
  for (const [reason, records] of Object.entries(counts))
    await tx
      .tables<Tables>()
      .insertInto("record_drops")
      .values({ reason, records })
      .onConflict((conflict) =>
        conflict.column("reason").doUpdateSet((eb) => ({ records: eb("record_drops.records", "+", records) })),
      )
      .execute();
}

export async function selectDrops(db: Db): Promise<Record<string, number>> {
  const rows = await db.tables<Tables>().selectFrom("record_drops").selectAll().execute();
  return Object.fromEntries(rows.map(({ reason, records }) => [reason, records]));
}
