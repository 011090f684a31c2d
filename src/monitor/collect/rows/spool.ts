import type { Db } from "../../../kernel/db.ts";

interface Tables {
  spool_positions: { host: string; segment: number; position: number };
}

export async function spoolPosition(db: Db, host: string): Promise<{ segment: number; position: number }> {
  const row = await db
    .tables<Tables>()
    .selectFrom("spool_positions")
    .select(["segment", "position"])
    .where("host", "=", host)
    .executeTakeFirst();
  return row ?? { segment: 0, position: 0 };
}

export async function setSpoolPosition(tx: Db, host: string, segment: number, position: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("spool_positions")
    .values({ host, segment, position })
    .onConflict((conflict) => conflict.column("host").doUpdateSet({ segment, position }))
    .execute();
}
