import type { FileEntry } from "../../contract/operation.ts";
import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** Bytes of all files. */
export const sizeOf = (files: readonly FileEntry[]): number => files.reduce((sum, file) => sum + file.size, 0);

export async function insertFiles(tx: Db, name: string, version: number, files: readonly FileEntry[]): Promise<void> {
  for (let start = 0; start < files.length; start += 1000) {
    const rows = files.slice(start, start + 1000).map((file) => ({ name, version, ...file }));
    await tx.tables<Tables>().insertInto("version_files").values(rows).execute();
  }
}

export async function filesOf(db: Db, name: string, version: number): Promise<FileEntry[]> {
  return db
    .tables<Tables>()
    .selectFrom("version_files")
    .select(["path", "digest", "size"])
    .where("name", "=", name)
    .where("version", "=", version)
    .orderBy("path")
    .execute();
}
