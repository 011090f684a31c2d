import { randomBytes } from "node:crypto";
import { link, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../kernel/clock.ts";
import { readTextIfAny } from "../../../kernel/files.ts";
import { processStartTime, stillRuns } from "../../../kernel/process-identity.ts";
import type { ProcessIdentity } from "./end-process.ts";

/** Who holds a lock. `since` is epoch ms. */
export type LockHolder = ProcessIdentity & { since: number };

export interface LockOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Told once for every holder that is waited for. */
  onWait?: (holder: LockHolder) => void;
}

/** A taking-over that is older than this was left by a process that died in the middle of it. */
const takeOverMs = 10_000;

/**
 * Does work while holding a lock file, so that two processes never do it at once. Waits for a living holder; a lock
 * left by a dead one is taken over. The file appears with its content (hard link), so no reader sees half of it.
 */
export async function withFileLock<Result>(
  path: string,
  options: LockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const mine = await acquire(path, options);
  try {
    return await work();
  } finally {
    if ((await readTextIfAny(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(path: string, { clock, signal, onWait }: LockOptions): Promise<string> {
  const holder: LockHolder = { pid: process.pid, startTime: processStartTime(process.pid), since: clock.now() };
  const mine = JSON.stringify({ ...holder, nonce: randomBytes(8).toString("hex") });
  await mkdir(dirname(path), { recursive: true });
  let told: string | undefined;
  while (!(await linkNew(path, mine))) {
    signal.throwIfAborted();
    const text = await readTextIfAny(path);
    const other = text === undefined ? undefined : holderOf(text);
    if (other !== undefined && stillRuns(other)) {
      if (told !== text) onWait?.(other);
      told = text;
      await sleep(100, undefined, { signal });
    } else if (text !== undefined) await takeOver(path, text, clock);
  }
  return mine;
}

/** Puts the file in place only when there is none. */
async function linkNew(path: string, text: string): Promise<boolean> {
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
async function takeOver(path: string, stale: string, clock: Clock): Promise<void> {
  const marker = `${path}.takeover`;
  const handle = await open(marker, "wx", 0o600).catch(() => undefined);
  if (handle === undefined) {
    const age = await stat(marker).then(
      (found) => clock.now() - found.mtimeMs,
      () => 0,
    );
    if (age > takeOverMs) await rm(marker, { force: true });
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

function holderOf(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
  }
}
