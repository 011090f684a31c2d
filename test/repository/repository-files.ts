import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the repository. */
export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const toolFolders = new Set(["node_modules", "dist", "__pycache__", ".git"]);

/** Files below a folder of the repository whose names end like `ending`, as paths relative to the repository. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true })
    .filter(({ name }) => !toolFolders.has(name) && !/^dist\./.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, ending);
      return path.endsWith(ending) ? [path] : [];
    })
    .sort();
}
