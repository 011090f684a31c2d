import { ModelyardError } from "../../../contract/errors.ts";
import type { FileEntry } from "../../../contract/operation.ts";
import type { Db } from "../../../kernel/db.ts";
import { checkPath, isFrozen } from "./paths.ts";
import { artifactsBelow, isAnyAFile, putArtifact } from "./rows.ts";

const invalid = (problems: string) => new ModelyardError("invalid-input", { problems });

/** The folders above a path, outermost first. */
const foldersAbove = (path: string): string[] => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

export function refuseFrozen(path: string): void {
  if (isFrozen(path)) throw invalid(`${path}: the files of a registered version never change`);
}

/** The path of a file that may be written. Throws invalid-input. */
export function writablePath(given: string): string {
  const path = checkPath(given);
  if (path === "") throw invalid("Invalid path: it names no file");
  refuseFrozen(path);
  return path;
}

/** A file is no folder, and a folder no file. */
export async function refuseConflict(db: Db, path: string): Promise<void> {
  if ((await isAnyAFile(db, foldersAbove(path))) || (await artifactsBelow(db, path, 1)).length > 0)
    throw invalid(`Invalid path: ${path} is both a file and a directory`);
}

/** Lets a file stand at its path, in place of the one before, in the given transaction. */
export async function placeArtifact(tx: Db, file: FileEntry, at: number): Promise<void> {
  await refuseConflict(tx, file.path);
  await putArtifact(tx, file, at);
}
