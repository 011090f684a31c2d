import { randomBytes } from "node:crypto";
import { link, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelyardError } from "../contract/errors.ts";
import { readTextIfAny } from "./files.ts";
import { makeFolder } from "./make-folder.ts";
import { processStartTime, stillRuns } from "./process-identity.ts";

/** What a lock file says of its holder, with whatever else the holder wants to be known. */
export interface LockHolder {
  pid: number;
  startTime: number | null;
}

type Extra<Holder extends LockHolder> = Omit<Holder, keyof LockHolder>;

/** A taking-over that is older than this was left by a process that died in the middle of it. */
const takeOverMs = 10_000;

/** The text of this process's lock; the nonce tells two locks of one process apart. */
const lockText = (extra: object): string =>
  JSON.stringify({
    pid: process.pid,
    startTime: processStartTime(process.pid),
    ...extra,
    nonce: randomBytes(8).toString("hex"),
  });

/**
 * Takes a lock file for this process; it holds until the file is removed or the process dies. Error: lock-held, when its holder
 * lives, with `describe`'s words for it. Gives the holder that died without giving it back, if there was one.
 */
export async function takeProcessLock<Holder extends LockHolder>(
  path: string,
  extra: Extra<Holder>,
  describe: (holder: Holder) => string,
): Promise<Holder | undefined> {
  const mine = lockText(extra);
  let dead: Holder | undefined;
  while (!(await linkNew(path, mine))) {
    const holder = await readHolder<Holder>(path);
    if (holder === undefined) continue;
    if (stillRuns(holder.value)) throw new ModelyardError("lock-held", { lock: path, holder: describe(holder.value) });
    dead = holder.value;
    await takeOver(path, holder.text);
  }
  return dead;
}

/** Does work while holding a lock file. Waits for a living holder and tells `onWait` once for each; `signal` ends the waiting. */
export async function withProcessLock<Holder extends LockHolder, Result>(
  path: string,
  {
    extra,
    signal,
    onWait,
  }: { extra: Extra<Holder>; signal: AbortSignal; onWait?: ((holder: Holder) => void) | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  const mine = lockText(extra);
  let told: string | undefined;
  while (!(await linkNew(path, mine))) {
    signal.throwIfAborted();
    const holder = await readHolder<Holder>(path);
    if (holder === undefined) continue;
    if (stillRuns(holder.value)) {
      if (told !== holder.text) onWait?.(holder.value);
      told = holder.text;
      await sleep(100, undefined, { signal });
    } else await takeOver(path, holder.text);
  }
  try {
    return await work();
  } finally {
    if ((await readTextIfAny(path)) === mine) await rm(path, { force: true });
  }
}

/** Whether a process that runs holds a lock file. */
export async function isLockHeld(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== undefined && stillRuns(holder.value);
}

/** Puts the file in place only when there is none: a hard link appears whole or not at all. */
async function linkNew(path: string, text: string): Promise<boolean> {
  await makeFolder(dirname(path), 0o700);
  const temp = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(temp, text, { mode: 0o600 });
  try {
    await link(temp, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temp, { force: true });
  }
}

/**
 * Removes the lock of a dead process. Only the maker of the `.takeover` file may do that, and only while the lock is
 * still the dead one's: else a slow second taker would remove the lock of the first.
 */
async function takeOver(path: string, stale: string): Promise<void> {
  const marker = `${path}.takeover`;
  const handle = await open(marker, "wx", 0o600).catch(() => undefined);
  if (handle === undefined) {
    const since = await stat(marker).then(
      (found) => found.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > takeOverMs) await rm(marker, { force: true });
    else await sleep(20);
    return;
  }
  await handle.close();
  try {
    if ((await readTextIfAny(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(marker, { force: true });
  }
}

/** A lock that cannot be read belongs to nobody. */
async function readHolder<Holder extends LockHolder>(
  path: string,
): Promise<{ text: string; value: Holder } | undefined> {
  const text = await readTextIfAny(path);
  if (text === undefined) return undefined;
  try {
    return { text, value: JSON.parse(text) as Holder };
  } catch {
    return { text, value: { pid: 0, startTime: null } as Holder };
  }
}
