import type { Db } from "../../kernel/db.ts";
import { readProfile, type Side, selectWindows } from "./rows.ts";

/** Of the newest windows all columns are known; older ones would name what is not sent any more. */
const windowsRead = 24;

/** The columns of a side in the newest windows of a service, and the layouts they were counted by; none before its first request. */
export async function seenColumns(
  db: Db,
  service: string,
  side: Side,
): Promise<{ names: string[]; layouts: string[] }> {
  const windows = await selectWindows(db, { service, from: 0, to: Number.MAX_SAFE_INTEGER, side });
  const newest = windows.slice(-windowsRead);
  const names = new Set<string>();
  for (const window of newest) for (const column of (await readProfile(db, window)).columns.keys()) names.add(column);
  return { names: [...names], layouts: newest.map(({ layout }) => layout) };
}
