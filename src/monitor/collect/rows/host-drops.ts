import type { Db } from "../../../kernel/db.ts";
import type { HostDrops } from "../../ports.ts";

interface DropRow {
  reason: string;
  records: number;
  seen: number;
  host: number;
}
interface Tables {
  host_drops: DropRow;
}

/** By reason, with what the host counts now. Writes nothing: it is asked on a full disk too. */
export async function selectHostDrops(db: Db, now: HostDrops | undefined): Promise<Record<string, number>> {
  const rows = await rowsOf(db);
  const all = [...rows, ...(now === undefined ? [] : changesOf(rows, now))];
  return Object.fromEntries(all.map(({ reason, records }) => [reason, records]));
}

/**
 * Adds what a host counted since it was asked last. Its counts begin anew with it, and fall when one of its fronts begins anew: what is kept
 * never does.
 */
export async function addHostDrops(db: Db, drops: HostDrops): Promise<void> {
  // asked every few seconds, and hardly ever is there anything
  if (changesOf(await rowsOf(db), drops).length === 0) return;
  await db.transaction(async (tx) => {
    for (const row of changesOf(await rowsOf(tx), drops)) {
      const { reason, ...values } = row;
      await tx
        .tables<Tables>()
        .insertInto("host_drops")
        .values(row)
        .onConflict((conflict) => conflict.column("reason").doUpdateSet({ reason, ...values }))
        .execute();
    }
  });
}

const rowsOf = (db: Db): Promise<DropRow[]> => db.tables<Tables>().selectFrom("host_drops").selectAll().execute();

function changesOf(rows: readonly DropRow[], { startedAt, records: counts }: HostDrops): DropRow[] {
  const kept = new Map(rows.map((row) => [row.reason, row]));
  return [...new Set([...kept.keys(), ...Object.keys(counts)])].flatMap((reason) => {
    const count = counts[reason] ?? 0;
    const row = kept.get(reason);
    const before = row?.host === startedAt ? row.seen : 0;
    if (count === before && (row?.host === startedAt || count === 0)) return [];
    const records = (row?.records ?? 0) + Math.max(0, count - before);
    return [{ reason, records, seen: count, host: startedAt }];
  });
}
