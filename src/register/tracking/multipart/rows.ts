import type { Db } from "../../../kernel/db.ts";

interface UploadRow {
  id: string;
  path: string;
  parts: number;
  secret_hash: string;
  touched_at: number;
  completed_at: number | null;
}
interface Tables {
  multipart_uploads: UploadRow;
}

/** An artifact on its way in parts. */
export interface Upload {
  id: string;
  path: string;
  /** How many parts it has. */
  parts: number;
  secretHash: string;
  isCompleted: boolean;
}

export async function insertUpload(db: Db, upload: Omit<Upload, "isCompleted">, at: number): Promise<void> {
  const { id, path, parts, secretHash } = upload;
  const row = { id, path, parts, secret_hash: secretHash, touched_at: at, completed_at: null };
  await db.tables<Tables>().insertInto("multipart_uploads").values(row).execute();
}

/** An upload that somebody touched since a time. */
export async function findUpload(db: Db, id: string, since: number): Promise<Upload | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("multipart_uploads")
    .selectAll()
    .where("id", "=", id)
    .where("touched_at", ">=", since)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { path, parts, secret_hash: secretHash, completed_at } = row;
  return { id, path, parts, secretHash, isCompleted: completed_at !== null };
}

/** Notes that an upload goes on; false when it does not any more. */
export async function touchUpload(db: Db, id: string, at: number): Promise<boolean> {
  return change(db, id, { touched_at: at });
}

/** Ends an upload; false when it has ended before. */
export async function completeUpload(tx: Db, id: string, at: number): Promise<boolean> {
  return change(tx, id, { touched_at: at, completed_at: at });
}

async function change(db: Db, id: string, values: Partial<UploadRow>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .tables<Tables>()
    .updateTable("multipart_uploads")
    .set(values)
    .where("id", "=", id)
    .where("completed_at", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function deleteUpload(db: Db, id: string): Promise<void> {
  await db.tables<Tables>().deleteFrom("multipart_uploads").where("id", "=", id).execute();
}

/** Removes the uploads that nobody touched since a time. */
export async function deleteUploadsOlderThan(db: Db, time: number): Promise<void> {
  await db.tables<Tables>().deleteFrom("multipart_uploads").where("touched_at", "<", time).execute();
}
