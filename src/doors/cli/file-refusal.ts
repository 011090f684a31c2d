import { ModelyardError } from "../../contract/errors.ts";

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EEXIST: "it is there, and is no folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  ENOENT: "it is not there",
  ENAMETOOLONG: "the name is too long",
};

/** What the file system refused, as something its user can mend; undefined for any other error. `path` is what was named, where the error has another path or none. */
export function fileRefusal(error: unknown, path?: string): ModelyardError | undefined {
  const { code, syscall, path: met } = error as NodeJS.ErrnoException;
  const named = path ?? met;
  const isUnfit = code === "ENOENT" && syscall === "mkdir";
  const reason = isUnfit ? "no folder can be made there" : reasons[code ?? ""];
  if (error instanceof ModelyardError || reason === undefined || named === undefined) return undefined;
  return new ModelyardError("not-supported", {
    what: `${named}: ${reason}`,
    instead: "Correct that, or use another path.",
  });
}
