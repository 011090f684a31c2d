import type { Db } from "../../../kernel/db.ts";
import type { RecordFilter } from "./records.ts";

interface FileRow {
  number: number;
  path: string;
  service: string;
  revision: number;
  /** UTC, `2026-11-26`. */
  day: string;
  records: number;
  rows: number;
  bytes: number;
  first_at: number;
  last_at: number;
  last_sequence: number;
  /** JSON list of digests. */
  images: string;
  digest: string;
  ids: Uint8Array;
  /** 1: not to be merged with others. */
  settled: number;
}
interface Tables {
  record_files: FileRow;
  record_models: { image: string; model: string };
}

/** A file of the catalogue, without its filter of ids. */
export type RecordFile = Omit<FileRow, "ids" | "images" | "settled"> & { images: string[] };
export type NewRecordFile = Omit<RecordFile, "number"> & { ids: Uint8Array };

const columns = [
  ...(["number", "path", "service", "revision", "day", "records", "rows", "bytes"] as const),
  ...(["first_at", "last_at", "last_sequence", "images", "digest"] as const),
];

export async function insertFile(tx: Db, { images, ...file }: NewRecordFile, isSettled = false): Promise<void> {
  await tx
    .tables<{ record_files: Omit<FileRow, "number"> }>()
    .insertInto("record_files")
    .values({ ...file, images: JSON.stringify(images), settled: isSettled ? 1 : 0 })
    .execute();
}

/** Puts what is left of a file in its place: it keeps its number. */
export async function replaceFile(tx: Db, number: number, { images, ...file }: NewRecordFile): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("record_files")
    .set({ ...file, images: JSON.stringify(images) })
    .where("number", "=", number)
    .execute();
}

export async function deleteFile(tx: Db, number: number): Promise<void> {
  await tx.tables<Tables>().deleteFrom("record_files").where("number", "=", number).execute();
}

/** Where a file is now; undefined when it is gone. */
export async function pathOfFile(db: Db, number: number): Promise<string | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_files")
    .select("path")
    .where("number", "=", number)
    .executeTakeFirst();
  return row?.path;
}

/** Files that may hold what a filter asks for, oldest first; with `afterNumber`, those that came after that one. */
export async function selectFiles(db: Db, filter: RecordFilter, afterNumber = 0): Promise<RecordFile[]> {
  let query = db.tables<Tables>().selectFrom("record_files").select(columns).where("number", ">", afterNumber);
  if (filter.service !== undefined) query = query.where("service", "=", filter.service);
  if (filter.sinceMs !== undefined) query = query.where("last_at", ">=", filter.sinceMs);
  const rows = await query.orderBy("first_at").orderBy("number").execute();
  return rows.map(toFile);
}

const toFile = (row: Pick<FileRow, (typeof columns)[number]>): RecordFile => ({
  ...row,
  images: JSON.parse(row.images) as string[],
});

/** Files of days (`2026-11-26`) before one that may still be merged, oldest first. */
export async function selectUnsettled(db: Db, beforeDay: string): Promise<RecordFile[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("record_files")
    .select(columns)
    .where("settled", "=", 0)
    .where("day", "<=", beforeDay)
    .orderBy("first_at")
    .orderBy("number")
    .execute();
  return rows.map(toFile);
}

export async function settleFiles(db: Db, files: readonly Pick<RecordFile, "number">[]): Promise<void> {
  for (const { number } of files)
    await db.tables<Tables>().updateTable("record_files").set({ settled: 1 }).where("number", "=", number).execute();
}

export async function filterOfIds(db: Db, number: number): Promise<Uint8Array | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_files")
    .select("ids")
    .where("number", "=", number)
    .executeTakeFirst();
  return row?.ids;
}

export async function pathsOfFiles(db: Db): Promise<Set<string>> {
  const rows = await db.tables<Tables>().selectFrom("record_files").select("path").execute();
  return new Set(rows.map(({ path }) => path));
}

/** The highest number given to a file. */
export async function lastFileNumber(db: Db): Promise<number> {
  const row = await db
    .tables<Tables>()
    .selectFrom("record_files")
    .select((eb) => eb.fn.max("number").as("last"))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}
