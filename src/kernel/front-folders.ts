import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The folders of the fronts of a host, `<host folder>/fronts/<n>`, those of earlier runs too. */
export async function frontFolders(host: string): Promise<{ number: number; folder: string }[]> {
  const names = await readdir(join(host, "fronts")).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ number: Number(name), folder: join(host, "fronts", name) }));
}
