import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { ModelyardError } from "../contract/errors.ts";
import { processStartTime, stillRuns } from "./process-identity.ts";

/** What a lock says of its holder. `runtime` is the folder of its run, to be cleared when it died. */
export interface LockHolder {
  pid: number;
  startTime: number | null;
  runtime: string;
}

/**
 * Takes the lock file of a folder for this process. Error: lock-held, when its holder lives.
 * Returns the holder that died without giving it back, if there was one.
 */
export async function takeFolderLock(path: string, runtime: string): Promise<LockHolder | undefined> {
  const own: LockHolder = { pid: process.pid, startTime: processStartTime(process.pid), runtime };
  const draft = `${path}.${own.pid}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    let dead: LockHolder | undefined;
    // a hard link appears whole or not at all, and only where nothing is
    while (!(await linked(draft, path))) {
      const holder = await readHolder(path);
      if (holder !== undefined && stillRuns(holder))
        throw new ModelyardError("lock-held", { lock: path, holder: `the scoring host with pid ${holder.pid}` });
      dead = holder ?? dead;
      await rename(path, `${draft}.dead`).catch(() => {});
    }
    return dead;
  } finally {
    await Promise.all([rm(draft, { force: true }), rm(`${draft}.dead`, { force: true })]);
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}
