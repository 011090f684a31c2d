import { asModelyardError } from "../contract/known-error.ts";
import type { HistoryEntry } from "../contract/update.ts";
import { uuid7 } from "../kernel/ids.ts";
import type { UsePorts } from "./ports.ts";
import { endHistory, insertHistory } from "./rows.ts";

type Described = Pick<HistoryEntry, "action" | "by" | "reason" | "differences">;

/** Writes what is done to a service before it is done, and how it ended after. `work` gives the revision it led to. */
export async function audited<Result>(
  { db, clock }: Pick<UsePorts, "db" | "clock">,
  service: string,
  described: Described,
  work: () => Promise<{ revision: number | null; result: Result }>,
): Promise<Result> {
  const at = clock.now();
  const id = uuid7(at);
  await db.transaction((tx) =>
    insertHistory(tx, service, { id, at, outcome: "running", revision: null, error: null, ...described }),
  );
  try {
    const { revision, result } = await work();
    await db.transaction((tx) => endHistory(tx, id, "done", revision, null));
    return result;
  } catch (error) {
    await db.transaction((tx) => endHistory(tx, id, "failed", null, asModelyardError(error).message));
    throw error;
  }
}
