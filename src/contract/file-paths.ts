import { ModelyardError } from "./errors.ts";

/** Bytes that one part of a path may have on the disks where files are written out (NAME_MAX of limits.h). */
const partBytes = 255;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Why a path alone is not taken; undefined when it is. */
function problemOf(path: string): string | undefined {
  if (path.includes("\\")) return "it has a backslash";
  if (/\p{Cc}/u.test(path)) return "it has a control character";
  const isInside = path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isInside) return "it does not stay inside its folder, or has an empty part";
  const isShort = path.split("/").every((part) => bytesOf(part) <= partBytes);
  return isShort ? undefined : `a part of it has more than ${partBytes} bytes`;
}

/** Refuses paths that leave their folder, that name one place twice, or a place as file and as folder. Throws unsafe-path. */
export function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const reason = problemOf(path) ?? (seen.has(path) ? "it is there twice" : undefined);
    if (reason !== undefined) throw new ModelyardError("unsafe-path", { path, reason });
    seen.add(path);
  }
  // `a` and `a/b` together could never be written out
  for (const path of paths)
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1))
      if (seen.has(path.slice(0, cut)))
        throw new ModelyardError("unsafe-path", { path, reason: `${path.slice(0, cut)} is a file` });
}
