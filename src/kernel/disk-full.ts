import { statfs } from "node:fs/promises";

/** SQLITE_FULL (https://www.sqlite.org/rescode.html#full). */
const sqliteFull = 13;

/** Whether an error says that there is no room: of the file system, of a quota, or of the database in it. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: string; errcode?: number };
  return code === "ENOSPC" || code === "EDQUOT" || (code === "ERR_SQLITE_ERROR" && errcode === sqliteFull);
}

/** Whether a folder's disk has less than a megabyte left: programs that ran out of room do not always say so. */
export async function hasNoRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < 1 << 20;
}
