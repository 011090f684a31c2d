import { sql } from "kysely";
import type { FileEntry } from "../../../contract/operation.ts";
import type { Db } from "../../../kernel/db.ts";

interface Tables {
  artifacts: { path: string; digest: string; size: number; stored_at: number };
}

/** "0" is the character after "/": the paths below a folder are those between the two. */
const below = (folder: string) =>
  folder === "" ? { from: "", to: "\u{10ffff}" } : { from: `${folder}/`, to: `${folder}0` };

export async function findArtifact(db: Db, path: string): Promise<{ digest: string; size: number } | undefined> {
  return db
    .tables<Tables>()
    .selectFrom("artifacts")
    .select(["digest", "size"])
    .where("path", "=", path)
    .executeTakeFirst();
}

/** The files below a folder, with their paths inside it. */
export async function artifactsBelow(db: Db, folder: string, limit?: number): Promise<FileEntry[]> {
  const { from, to } = below(folder);
  let query = db
    .tables<Tables>()
    .selectFrom("artifacts")
    .select(["path", "digest", "size"])
    .where("path", ">=", from)
    .where("path", "<", to)
    .orderBy("path");
  if (limit !== undefined) query = query.limit(limit);
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, path: row.path.slice(from.length) }));
}

/** Whether one of these paths is a file. */
export async function isAnyAFile(db: Db, paths: readonly string[]): Promise<boolean> {
  if (paths.length === 0) return false;
  const query = db.tables<Tables>().selectFrom("artifacts").select("path").where("path", "in", paths).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function putArtifact(tx: Db, file: FileEntry, at: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("artifacts")
    .values({ ...file, stored_at: at })
    .onConflict((conflict) =>
      conflict
        .column("path")
        .doUpdateSet({ digest: sql`excluded.digest`, size: sql`excluded.size`, stored_at: sql`excluded.stored_at` }),
    )
    .execute();
}

/** Removes a file, or a folder with all below it. */
export async function removeArtifacts(tx: Db, path: string): Promise<void> {
  const { from, to } = below(path);
  await tx
    .tables<Tables>()
    .deleteFrom("artifacts")
    .where((eb) => eb.or([eb("path", "=", path), eb.and([eb("path", ">=", from), eb("path", "<", to)])]))
    .execute();
}

/** Whether a run or a logged model still holds these bytes. */
export async function isArtifact(db: Db, digest: string): Promise<boolean> {
  const query = db.tables<Tables>().selectFrom("artifacts").select("path").where("digest", "=", digest).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}
