// Pieces of a run that are kept as they finish, so that a run which was broken off goes on where it stood.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../home.mjs";

const folder = join(root, "node_modules", ".cache", "modelyard", "bench-drift");

/**
 * Gives `piece(name, task, measure)`, which measures once for the same task and sources: the result lies in a file named by the digest of both.
 * `fresh` measures again.
 */
export async function openPieces(sources, { fresh, say }) {
  const digest = createHash("sha256");
  for (const source of sources) digest.update(await readFile(source));
  const ofSources = digest.digest("hex");
  return async (name, task, measure) => {
    const key = createHash("sha256")
      .update(JSON.stringify([ofSources, name, task]))
      .digest("hex")
      .slice(0, 16);
    const path = join(folder, `${name}-${key}.json`);
    const kept = fresh ? undefined : await readFile(path, "utf8").catch(() => undefined);
    if (kept !== undefined) {
      say(`${name} ${JSON.stringify(task)}: measured before`);
      return JSON.parse(kept);
    }
    say(`${name} ${JSON.stringify(task)}`);
    const result = await measure();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, JSON.stringify(result));
    await rename(`${path}.part`, path);
    return result;
  };
}
