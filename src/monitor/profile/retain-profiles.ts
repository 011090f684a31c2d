import type { Clock } from "../../kernel/clock.ts";
import type { Db } from "../../kernel/db.ts";
import { deleteWindowsBefore } from "./rows.ts";

const keptDays = 90;

/** Profiles hold sampled rows, so they go as records do in the end. */
export const retainProfiles = ({ db, clock }: { db: Db; clock: Clock }): Promise<void> =>
  deleteWindowsBefore(db, clock.now() - keptDays * 24 * 3_600_000);
