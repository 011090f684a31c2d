import { ModelyardError } from "./errors.ts";

const isInside = (path: string): boolean =>
  !/[\\\0]/.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");

/** Refuses paths that leave their folder, that name one place twice, or a place as file and as folder. Throws unsafe-path. */
export function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    if (!isInside(path) || seen.has(path)) throw new ModelyardError("unsafe-path", { path });
    seen.add(path);
  }
  // `a` and `a/b` together could never be written out
  for (const path of paths)
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1))
      if (seen.has(path.slice(0, cut))) throw new ModelyardError("unsafe-path", { path });
}
