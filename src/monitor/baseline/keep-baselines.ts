import type { Db } from "../../kernel/db.ts";
import type { Side } from "../profile/rows.ts";
import type { Profiled } from "./profile-rows.ts";
import { type BaselineSource, deleteBaseline, type Owner, putBaseline } from "./rows.ts";

export interface NewBaselines {
  profiled: Record<Side, Profiled | null>;
  source: BaselineSource;
  /** Weights of columns of either side in the overall score; none when not said. */
  importance?: Readonly<Record<string, number>> | undefined;
  by: string;
  at: number;
}

/** Puts baselines of both sides in place of those before; where a side has none, there is none then. */
export async function keepBaselines(
  tx: Db,
  owner: Owner,
  { profiled, source, importance = {}, by, at }: NewBaselines,
): Promise<void> {
  for (const side of ["inputs", "predictions"] as const) {
    const made = profiled[side];
    if (made === null) await deleteBaseline(tx, owner, side);
    else await putBaseline(tx, owner, side, { ...made, source, importance, createdAt: at, createdBy: by });
  }
}
