import type { Db } from "../../kernel/db.ts";
import { appendHistory } from "../../register/rows/history.ts";
import { beginServing, endServing } from "./rows.ts";

/**
 * Writes down, in the transaction of the change, what a service answers with from now on (nothing when it stops), and tells the
 * histories of the models.
 */
export async function noteServing(
  tx: Db,
  service: string,
  { at, by, serves }: { at: number; by: string; serves: boolean },
): Promise<void> {
  const before = await endServing(tx, service, at);
  const now = serves ? await beginServing(tx, service, at) : [];
  const has = (list: typeof now, { name, version }: (typeof now)[number]) =>
    list.some((one) => one.name === name && one.version === version);
  const entry = (one: (typeof now)[number], action: string) => ({ ...one, at, by, action, detail: { service } });
  await appendHistory(tx, [
    ...before.filter((one) => !has(now, one)).map((one) => entry(one, "version.undeployed")),
    ...now.filter((one) => !has(before, one)).map((one) => entry(one, "version.deployed")),
  ]);
}
