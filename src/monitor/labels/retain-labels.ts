import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import { deleteOldLabels } from "./rows.ts";

const keptDays = 400;
const step = 1000;

/** Deletes labels that nobody told or changed for 400 days, in small steps. Run hourly; gives how many went. */
export async function retainLabels({ db, clock }: { db: Db; clock: Clock }): Promise<number> {
  for (let deleted = 0; ; ) {
    const count = await deleteOldLabels(db, clock.now() - keptDays * 86_400_000, step);
    deleted += count;
    if (count < step) return deleted;
  }
}
