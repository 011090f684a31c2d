import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What is dear to make is made once and kept outside the tree. */
export const cache =
  process.env.MODELYARD_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "modelyard-test");

/** A folder of the cache: the first caller of all processes fills it, the others wait for it. Its name says all that it depends on. */
export async function builtOnce(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (await exists(join(folder, "complete"))) return folder;
  await mkdir(cache, { recursive: true });
  const lock = `${folder}.lock`;
  if (!(await take(lock))) {
    for (let waited = 0; waited < 600_000; waited += 500) {
      if (await exists(join(folder, "complete"))) return folder;
      await sleep(500);
    }
    throw new Error(
      `${folder} was not built by the process that holds ${basename(lock)} beside it; remove that folder and try again`,
    );
  }
  try {
    await rm(folder, { recursive: true, force: true });
    await build(folder);
    await writeFile(join(folder, "complete.tmp"), "");
    await rename(join(folder, "complete.tmp"), join(folder, "complete"));
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
  return folder;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    return false;
  }
}
