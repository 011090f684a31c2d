import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are not there, one level after the other: Node's own `recursive` never ends where the system says
 * that a folder is missing which is there, as below /proc. Throws what the file system says of the first that cannot be made, its path with it.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path), mode);
  await mkdir(path, { mode }).catch(async (error) => {
    if (!(await isFolder(path))) throw error; // else somebody made it meanwhile
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
