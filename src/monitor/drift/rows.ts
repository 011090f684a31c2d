import type { Db } from "../../kernel/db.ts";
import type { Side } from "../profile/rows.ts";

interface Tables {
  drift_states: { service: string; side: Side; name: string; state: string; since: number };
  drift_evaluations: { service: string; until: number };
}

/** The columns that drift, as `side` and `name`. */
export async function driftingColumns(db: Db, service: string): Promise<{ side: Side; name: string; since: number }[]> {
  return db
    .tables<Tables>()
    .selectFrom("drift_states")
    .select(["side", "name", "since"])
    .where("service", "=", service)
    .where("state", "=", "drifting")
    .execute();
}

export async function keepDrifting(tx: Db, service: string, side: Side, name: string, since: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("drift_states")
    .values({ service, side, name, state: "drifting", since })
    .execute();
}

export async function forgetDrifting(tx: Db, service: string, side: Side, name: string): Promise<void> {
  await tx
    .tables<Tables>()
    .deleteFrom("drift_states")
    .where("service", "=", service)
    .where("side", "=", side)
    .where("name", "=", name)
    .execute();
}

/** End of the last window that was evaluated, epoch ms; 0 before the first. */
export async function evaluatedUntil(db: Db, service: string): Promise<number> {
  const row = await db
    .tables<Tables>()
    .selectFrom("drift_evaluations")
    .select("until")
    .where("service", "=", service)
    .executeTakeFirst();
  return row?.until ?? 0;
}

export async function setEvaluatedUntil(tx: Db, service: string, until: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("drift_evaluations")
    .values({ service, until })
    .onConflict((conflict) => conflict.column("service").doUpdateSet({ until }))
    .execute();
}
