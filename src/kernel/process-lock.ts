import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { ModelyardError } from "../contract/errors.ts";
import { processStartTime, stillRuns } from "./process-identity.ts";

/** What a lock file says of its holder, with whatever else the holder wants to be known. */
export interface LockHolder {
  pid: number;
  startTime: number | null;
}

/**
 * Takes a lock file for this process; it holds until the file is removed or the process dies. Error: lock-held, when its holder
 * lives, with `describe`'s words for it. Gives the holder that died without giving it back, if there was one.
 */
export async function takeProcessLock<Holder extends LockHolder>(
  path: string,
  own: Omit<Holder, keyof LockHolder>,
  describe: (holder: Holder) => string,
): Promise<Holder | undefined> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid), ...own }), {
    mode: 0o600,
  });
  try {
    let dead: Holder | undefined;
    // a hard link appears whole or not at all, and only where nothing is
    while (!(await linked(draft, path))) {
      const holder = await readHolder<Holder>(path);
      if (holder !== undefined && stillRuns(holder))
        throw new ModelyardError("lock-held", { lock: path, holder: describe(holder) });
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

async function readHolder<Holder>(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
