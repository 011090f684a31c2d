import { join } from "node:path";
import { readTextIfAny, writeFileAtomic } from "../../kernel/files.ts";

/** The object in a cache file; an absent or damaged file is an empty cache, since everything in it can be asked again. */
export async function readCache<T>(folder: string | undefined, name: string): Promise<Record<string, T>> {
  if (folder === undefined) return {};
  try {
    const value: unknown = JSON.parse((await readTextIfAny(join(folder, name))) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, T>) : {};
  } catch {
    return {};
  }
}

/** Replaces a cache file. A failure is no harm: the next caller asks again. */
export async function writeCache(folder: string | undefined, name: string, value: object): Promise<void> {
  if (folder === undefined) return;
  await writeFileAtomic(join(folder, name), `${JSON.stringify(value, null, 1)}\n`).catch(() => {});
}
