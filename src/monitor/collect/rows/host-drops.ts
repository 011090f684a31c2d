import type { Db } from "../../../kernel/db.ts";

interface Tables {
  host_drops: { reason: string; records: number };
}

/** By reason, what hosts dropped before they kept their counts themselves; nothing is added any more. */
export async function selectHostDrops(db: Db): Promise<Record<string, number>> {
  const rows = await db.tables<Tables>().selectFrom("host_drops").select(["reason", "records"]).execute();
  return Object.fromEntries(rows.map(({ reason, records }) => [reason, records]));
}
